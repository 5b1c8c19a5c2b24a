"""How two runs differ: results, durations, what each activity did, parameters."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from adf.history.metrics import are_apart, in_words, seconds_of
from adf.records import ActivityRun, Comparison, Difference, PipelineRun, RunReport, RunStatus
from adf.records.glossary import counted


def compare(left: RunReport, right: RunReport, now: datetime) -> Comparison:
    """Two runs side by side: how they ended, how long they took, what each activity did."""
    told = [
        *_of_runs(left.run, right.run, now),
        *_of_causes(left, right),
        *_of_activity_runs(left.activity_runs, right.activity_runs),
        *_of_parameters(left.run.parameters, right.run.parameters),
    ]
    different = tuple(one for one in told if one.left != one.right)
    same = tuple(dict.fromkeys(one.what for one in told if one.left == one.right))
    return Comparison(left=left.run, right=right.run, differences=different, same=same)


def _of_runs(left: PipelineRun, right: PipelineRun, now: datetime) -> list[Difference]:
    ends = Difference(what="Result", left=str(left.status), right=str(right.status), matters=True)
    took = [seconds_of(run, now) for run in (left, right)]
    words = [in_words(one) if one is not None else "not started" for one in took]
    far = None not in took and are_apart(took[0] or 0, took[1] or 0)
    lasted = Difference(what="Duration", left=words[0], right=words[1], matters=bool(far))
    factory = Difference(what="Factory", left=left.factory, right=right.factory)
    return [ends, lasted, factory]


def _of_causes(left: RunReport, right: RunReport) -> list[Difference]:
    said = [_cause(report) for report in (left, right)]
    return [Difference(what="Failed at", left=said[0], right=said[1], matters=True)]


def _cause(report: RunReport) -> str:
    path = report.cause.path if report.cause else ()
    return path[-1].activity if path else "–"


def _of_activity_runs(
    left: Sequence[ActivityRun], right: Sequence[ActivityRun]
) -> Iterable[Difference]:
    """Result, time and rows of each activity that both runs or one of them had."""
    before, after = ({one.name: one for one in side if not one.iteration} for side in (left, right))
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        far = are_apart(_activity_seconds(one), _activity_seconds(other)) or _end(one) != _end(
            other
        )
        yield Difference(what=name, left=_told(one), right=_told(other), matters=far)


def _told(one: ActivityRun | None) -> str:
    if one is None:
        return "–"
    took = in_words(_activity_seconds(one)) if one.duration else ""
    rows = counted(one.rows_copied, "row") if one.rows_copied is not None else ""
    return ", ".join(part for part in (str(one.status), took, rows) if part)


def _of_parameters(left: Mapping[str, str], right: Mapping[str, str]) -> list[Difference]:
    names = dict.fromkeys([*left, *right])
    return [
        Difference(what=f"Parameter {name}", left=left.get(name, ""), right=right.get(name, ""))
        for name in names
    ]


def _end(one: ActivityRun | None) -> RunStatus | None:
    return one.status if one else None


def _activity_seconds(one: ActivityRun | None) -> float:
    return one.duration.total_seconds() if one and one.duration else 0.0
