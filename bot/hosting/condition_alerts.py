"""Builds the alerts about what stands as it should not though no run failed."""

from dataclasses import dataclass

from adf.client import AdfClient
from adf.records import PipelineRun
from adf.watch.conditions import ConditionWatch
from bot.alerts import FactoryDirectory
from bot.alerts.conditions import ConditionMessages, ConditionService
from bot.alerts.conditions.monitor import ConditionMonitor, IsMuted
from bot.hosting.container import BotContainer


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionParts:
    """What looks for conditions, and the source of the messages about them."""

    monitor: ConditionMonitor
    messages: ConditionMessages


async def build_conditions(
    bot: BotContainer, directory: FactoryDirectory, is_muted: IsMuted | None = None
) -> ConditionParts:
    """Build it; nothing is asked of Data Factory before the service runs."""
    clients: dict[str, AdfClient] = {}
    for alias in directory.aliases:
        clients[alias] = await bot.azure.factories.client(alias)
    conditions = ConditionService(bot.store, bot.clock)

    async def read_run(factory: str, run_id: str) -> PipelineRun:
        return await clients[factory].get_run(run_id)

    monitor = ConditionMonitor(
        sources={
            alias: ConditionWatch(client, bot.service_clock) for alias, client in clients.items()
        },
        conditions=conditions,
        subscribers=bot.state.subscriptions,
        notes=directory.notes,
        clock=bot.clock,
        is_muted=is_muted,
    )
    messages = ConditionMessages(
        conditions=conditions,
        factories=directory.aliases,
        read_run=read_run,
        notes=directory.notes,
        draw=bot.render,
        zone_of=bot.zones.of,
        call=directory.mention,
        may_hear=bot.state.subscriptions.may_be_told,
        clock=bot.clock,
    )
    return ConditionParts(monitor=monitor, messages=messages)
