"""What a pipeline depends on and what is broken there, beside its newest run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.moments import moment_said
from adf.records.runs import PipelineRun, RunStatus


class UpstreamEffect(StrEnum):
    """What the broken pipeline did to the one that depends on it, the worst first.

    It was not started; its window waits; it ran, but later than what feeds it broke; it ran before
    that, so that its next run may lack the data.
    """

    NOT_STARTED = "not_started"
    WAITS = "waits"
    OLD_DATA = "old_data"
    NEXT_LACKS = "next_lacks"


HELD_UP = frozenset({UpstreamEffect.NOT_STARTED, UpstreamEffect.WAITS})


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenUpstream:
    """The newest run of a pipeline upstream, which broke; `inside` is the child it broke in."""

    run: PipelineRun
    effect: UpstreamEffect
    inside: str = ""


def broken_upstream_said(
    pipeline: str, found: Sequence[BrokenUpstream], zone: ZoneInfo, now: datetime
) -> str:
    """A sentence on what broke upstream and what that means for a pipeline; blank for nothing."""
    if not found:
        return ""
    broken = " and ".join(_broken(one, zone, now) for one in found)
    return _SENTENCES[found[0].effect].format(pipeline=pipeline, broken=broken)


_SENTENCES = {
    UpstreamEffect.NOT_STARTED: "{pipeline} did not start: {broken}, before it got there.",
    UpstreamEffect.WAITS: "{pipeline} did not start: its window waits for {broken}.",
    UpstreamEffect.OLD_DATA: "{pipeline} ran with old data: {broken}.",
    UpstreamEffect.NEXT_LACKS: "The next run of {pipeline} may lack data: {broken}.",
}


def held_up_said(found: Sequence[BrokenUpstream]) -> str:
    """The same of a pipeline in a list, in few words: what broke stands there with its time."""
    broken = " and ".join(f"{one.run.pipeline} {_word(one.run)}" for one in found)
    return _IN_SHORT[found[0].effect].format(broken=broken)


_IN_SHORT = {
    UpstreamEffect.NOT_STARTED: "has not started since, because {broken}",
    UpstreamEffect.WAITS: "has not started since, because its window waits: {broken}",
    UpstreamEffect.OLD_DATA: "ran with old data, because {broken}",
    UpstreamEffect.NEXT_LACKS: "its next run may lack data, because {broken}",
}


def _broken(one: BrokenUpstream, zone: ZoneInfo, now: datetime) -> str:
    run, at = one.run, one.run.end or one.run.last_updated
    when = f" {_preposition(at, zone, now)} {moment_said(at, zone, now)}" if at else ""
    return f"{run.pipeline} {_word(run)}{f' in {one.inside}' if one.inside else ''}{when}"


def _word(run: PipelineRun) -> str:
    return "was cancelled" if run.status is RunStatus.CANCELLED else "failed"


def _preposition(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """What stands before a moment: "at 02:31" today, "on Sat 02 May 02:31" else."""
    return "at" if at.astimezone(zone).date() == now.astimezone(zone).date() else "on"
