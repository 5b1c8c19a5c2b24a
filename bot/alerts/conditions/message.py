"""What a card says of a condition, made from what is known when it is sent."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.errors import AdfError
from adf.records import ConditionKind, PipelineNotes, PipelineRun
from adf.records.moments import due_text
from bot.alerts.conditions.service import ConditionService
from bot.alerts.conditions.stored import StoredCondition, partition_of
from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from cards.records import ConditionReport, Mentioned

NotesOf = Callable[[str, str], PipelineNotes]
ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]
ReadRun = Callable[[str, str], Awaitable[PipelineRun]]
_OF_RUNS = frozenset({ConditionKind.OVERLONG})


class ConditionMessages:
    """The source of condition messages; `call` finds the owner to mention, by declared name."""

    def __init__(
        self,
        *,
        conditions: ConditionService,
        factories: Sequence[str],
        read_run: ReadRun,
        notes: NotesOf,
        draw: Renderer,
        zone_of: ZoneOf,
        call: Callable[[str], Mentioned | None],
        may_hear: Callable[[Address, str], Awaitable[bool]],
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `may_hear` tells whether a room is told of a factory today."""
        self._conditions = conditions
        self._partitions = [partition_of(one) for one in factories]
        self._read_run = read_run
        self._notes = notes
        self._draw = draw
        self._zone_of = zone_of
        self._call = call
        self._may_hear = may_hear
        self._clock = clock

    def partitions(self) -> Sequence[str]:
        """One partition for each factory."""
        return self._partitions

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revisions of conditions."""
        del partition
        return await self._conditions.revisions(names)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of a condition; its first message calls the owner of a critical pipeline."""
        stored = await self._conditions.find(name)
        if stored is None or not await self._may_hear(address, stored.factory):
            return None
        zone = await self._zone_of(address)
        report = await self._report(stored, zone, is_new=is_new)
        return RenderedMessage(
            card=self._draw(report, self._clock(), zone, None, None),
            revision=stored.revision,
            is_final=stored.over_at is not None,
        )

    async def _report(
        self, stored: StoredCondition, zone: ZoneInfo, *, is_new: bool
    ) -> ConditionReport:
        declared = [self._notes(stored.factory, one) for one in stored.pipelines]
        run = await self._run(stored)
        owners = dict.fromkeys(one.owner for one in declared if one.critical and one.owner)
        call = [found for owner in owners if (found := self._call(owner))]
        return ConditionReport(
            alert_id=stored.alert_id,
            factory=stored.factory,
            kind=stored.kind,
            subject=stored.subject,
            since=stored.since,
            pipelines=stored.pipelines,
            limit=stored.limit,
            run_id=stored.run_id,
            trigger=stored.trigger,
            is_stopped=stored.is_stopped,
            count=stored.count,
            usual=stored.usual,
            usual_rows=next((one.usual_rows for one in declared if one.usual_rows), None),
            retrying=stored.retrying,
            began=run.start if run else None,
            lasted=run.lasted(self._clock()) if run else None,
            ended_as=run.status if run and run.end else None,
            over_at=stored.over_at,
            over_by=stored.over_by,
            owner=next((one.owner for one in declared if one.owner), ""),
            waiting=self._waiting(stored, declared, zone),
            call=tuple(call) if is_new and stored.over_at is None else (),
        )

    async def _run(self, stored: StoredCondition) -> PipelineRun | None:
        """The run that takes too long; the card does without it while it cannot be read."""
        if stored.kind not in _OF_RUNS or not stored.run_id:
            return None
        try:
            return await self._read_run(stored.factory, stored.run_id)
        except AdfError:
            return None

    def _waiting(
        self, stored: StoredCondition, declared: Sequence[PipelineNotes], zone: ZoneInfo
    ) -> tuple[str, ...]:
        names = dict.fromkeys(name for one in declared for name in one.downstream)
        now = self._clock()
        return tuple(
            due_text(name, self._notes(stored.factory, name).due, now, zone) for name in names
        )
