"""Examines the ticket system: it is reached, and takes the bot's sign-in for a search."""

import asyncio
from collections.abc import Sequence

from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn
from bot.tickets.ports import TicketError
from bot.tickets.systems import system_of

TICKETS = "tickets"
# Nothing carries it: a search for it finds nothing where the sign-in is taken.
_NOBODY = "adfops-doctor"
_OFF = "off: ADFOPS_TICKETS is not set, so no tickets are opened"
_ADVICE = {
    "401": "correct ADFOPS_TICKETS_USER and ADFOPS_TICKETS_SECRET",
    "403": "let the bot's account read and open tickets there",
    "404": "correct ADFOPS_TICKETS_URL and ADFOPS_TICKETS_PROJECT",
    "400": "correct ADFOPS_TICKETS_PROJECT and ADFOPS_TICKETS_TYPE",
}
_NETWORK = frozenset({"unreachable", "no answer in time", "connection lost"})


async def examine_tickets(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """A search that finds nothing; no ticket is opened."""
    if it.tickets is None:
        return [ok(TICKETS, _OFF)]
    name = f"{TICKETS}: {it.tickets.name}"
    try:
        async with asyncio.timeout(ways.limit):
            await system_of(it.tickets, ways.session, ways.now).find(_NOBODY)
    except TimeoutError:
        return [warn(name, "no answer in time", "open the way to it", Fixer.NETWORK)]
    except TicketError as error:
        return [_finding(name, error)]
    return [ok(name, "reached, and the sign-in is taken")]


def _finding(name: str, error: TicketError) -> Finding:
    """What was answered in place of a search's result, and who can fix that."""
    who = Fixer.NETWORK if error.code in _NETWORK else Fixer.OPERATOR
    advice = _ADVICE.get(error.code, "check ADFOPS_TICKETS_URL and the way to it")
    said = f"answered {error.code}" if error.code.isdigit() else error.code
    return warn(name, said, advice, who)
