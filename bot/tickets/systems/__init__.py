"""The ticket systems: each one file that turns our few questions into its own wire.

`system_of` makes the one of the settings; what all of them share is in `bot.tickets.http`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

import aiohttp

from bot.tickets.ports import TicketSystem
from bot.tickets.setup import TicketKind, TicketSetup
from bot.tickets.systems.azure_devops import AzureDevOps
from bot.tickets.systems.demo import DemoTickets
from bot.tickets.systems.jira import Jira
from bot.tickets.systems.servicenow import ServiceNow
from bot.tickets.systems.webhook import Webhook


def system_of(
    setup: TicketSetup, session: aiohttp.ClientSession, clock: Callable[[], datetime]
) -> TicketSystem:
    """The one that is set; nothing is asked of it yet."""
    match setup.kind:
        case TicketKind.SERVICENOW:
            return ServiceNow(setup, session)
        case TicketKind.JIRA | TicketKind.JIRA_DATA_CENTER:
            return Jira(setup, session)
        case TicketKind.AZURE_DEVOPS:
            return AzureDevOps(setup, session)
        case TicketKind.WEBHOOK:
            return Webhook(setup, session, clock)
        case TicketKind.DEMO:
            return DemoTickets(setup)
        case _:
            assert_never(setup.kind)
