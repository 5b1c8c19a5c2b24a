"""What we take for granted of Data Factory's answers and have not seen: each guess in one place.

No recording was found for these. `python app.py doctor --wire` compares them with a real factory; a
check says what differs by the names of fields and the forms of values, never by what they hold.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from adf.client.decode_triggers import trigger_run_status
from adf.client.transport import Json
from adf.client.wire_values import moment, objects_of, us_moment
from adf.errors import AdfError, NotFound
from adf.records import RunStatus

MOST_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WireSample:
    """Answers as a factory gave them: rows, and what it says of a run that does not exist."""

    runs: Sequence[Json] = ()
    activity_runs: Sequence[Json] = ()
    has_more: bool = False
    trigger_runs: Sequence[Json] = ()
    runtimes: Sequence[Json] = ()
    unknown_run: AdfError | Json | None = None
    unknown_activity_runs: AdfError | Json | None = None


Check = Callable[[WireSample], Iterator[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireAssumption:
    """A guess; `check` yields for each place looked at what differs there, or None."""

    name: str
    text: str
    check: Check


def form_of(value: object) -> str:
    """What kind of value stands somewhere, without the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a date" if moment(value) else "text" if value else "an empty text"
    return "a list" if isinstance(value, list) else "an object"


def _field(row: Json, field: str, *wanted: str) -> str | None:
    form = form_of(row.get(field))
    return None if form in wanted else f"{field} is {form}, not {' or '.join(wanted)}"


def _unknown_run(sample: WireSample) -> Iterator[str | None]:
    yield from _not_found(sample.unknown_run)


def _unknown_activity_runs(sample: WireSample) -> Iterator[str | None]:
    yield from _not_found(sample.unknown_activity_runs)


def _not_found(answer: AdfError | Json | None) -> Iterator[str | None]:
    if isinstance(answer, NotFound):
        yield None
    elif isinstance(answer, AdfError):
        yield f"the answer is {answer.status} {answer.code or 'without a code'}"
    elif answer is not None:
        yield f"the answer is 200 with {form_of(answer.get('value'))}"


def _callers(sample: WireSample) -> Iterator[str | None]:
    for by in _invokers(sample, "pipelineactivity"):
        yield _field(by, "pipelineRunId", "text") or _field(by, "pipelineName", "text")


def _triggers(sample: WireSample) -> Iterator[str | None]:
    for by in _invokers(sample, "trigger"):
        yield _field(by, "name", "text")


def _invokers(sample: WireSample, ending: str) -> Iterator[Json]:
    found = (_object(row.get("invokedBy")) for row in sample.runs)
    return (by for by in found if str(by.get("invokedByType")).lower().endswith(ending))


def _durations(sample: WireSample) -> Iterator[str | None]:
    for row in sample.runs:
        start, end = moment(row.get("runStart")), moment(row.get("runEnd"))
        milliseconds = row.get("durationInMs")
        if start and end and isinstance(milliseconds, int):
            off = abs((end - start).total_seconds() * 1000 - milliseconds)
            yield f"durationInMs is {off:.0f} ms off runEnd - runStart" if off > 1000 else None


def _queued(sample: WireSample) -> Iterator[str | None]:
    for row in sample.runs:
        if row.get("status") == "Queued":
            yield _field(row, "runStart", "a date")


def _statuses(sample: WireSample) -> Iterator[str | None]:
    for row in (*sample.runs, *sample.activity_runs):
        is_known = RunStatus.read(row.get("status")) is not RunStatus.UNKNOWN
        yield None if is_known else "a status that is not known"


def _skipped(sample: WireSample) -> Iterator[str | None]:
    for row in _activities(sample, "Skipped"):
        yield _field(row, "activityRunStart", "null")


def _in_progress(sample: WireSample) -> Iterator[str | None]:
    for row in _activities(sample, "InProgress"):
        yield _field(row, "activityRunEnd", "null")


def _failed(sample: WireSample) -> Iterator[str | None]:
    for row in _activities(sample, "Failed"):
        said = _object(row.get("error"))
        yield _field(said, "message", "text") or _field(said, "errorCode", "text")


def _object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _activities(sample: WireSample, status: str) -> Iterator[Json]:
    return (row for row in sample.activity_runs if row.get("status") == status)


def _iterations(sample: WireSample) -> Iterator[str | None]:
    places = Counter(_place(row) for row in sample.activity_runs)
    for row in sample.activity_runs:
        if places[_place(row)] > 1 and not row.get("retryAttempt"):
            yield _field(row, "iterationHash", "text")


def _place(row: Json) -> tuple[object, object]:
    return row.get("pipelineRunId"), row.get("activityName")


def _trigger_times(sample: WireSample) -> Iterator[str | None]:
    for properties in map(_properties, sample.trigger_runs):
        if "ScheduleTime" in properties:
            is_date = us_moment(properties["ScheduleTime"]) is not None
            yield None if is_date else "ScheduleTime is no US date"


def _trigger_windows(sample: WireSample) -> Iterator[str | None]:
    for row in sample.trigger_runs:
        if row.get("triggerType") == "TumblingWindowTrigger":
            properties = _properties(row)
            for field in ("windowStartTime", "windowEndTime"):
                is_date = us_moment(properties.get(field)) is not None
                yield None if is_date else f"{field} is {form_of(properties.get(field))}"


def _trigger_statuses(sample: WireSample) -> Iterator[str | None]:
    for row in sample.trigger_runs:
        is_known = trigger_run_status(row.get("status")) is not RunStatus.UNKNOWN
        yield None if is_known else "a status that is not known"


def _properties(row: Json) -> Json:
    return _object(row.get("properties"))


def _nodes(sample: WireSample) -> Iterator[str | None]:
    for row in map(_properties, sample.runtimes):
        if row.get("type") == "SelfHosted":
            for node in objects_of(_object(row.get("typeProperties")).get("nodes")):
                yield _field(node, "lastConnectTime", "a date") or _field(node, "status", "text")


def _page(sample: WireSample) -> Iterator[str | None]:
    if sample.has_more:
        count = len(sample.runs)
        yield None if count == MOST_ON_A_PAGE else f"a full page of rows has {count}"


ASSUMPTIONS = (
    WireAssumption(
        name="unknown run", text="a run that does not exist is not found", check=_unknown_run
    ),
    WireAssumption(
        name="activity runs of an unknown run",
        text="asking for them is not found",
        check=_unknown_activity_runs,
    ),
    WireAssumption(
        name="invokedBy of a called run",
        text="names the calling run and its pipeline",
        check=_callers,
    ),
    WireAssumption(name="invokedBy of a triggered run", text="names the trigger", check=_triggers),
    WireAssumption(
        name="runStart of a queued run",
        text="is when it was queued (recorded for short waits only)",
        check=_queued,
    ),
    WireAssumption(
        name="durationInMs of a run",
        text="counts from runStart, the wait included",
        check=_durations,
    ),
    WireAssumption(name="statuses", text="are those the bot knows", check=_statuses),
    WireAssumption(name="skipped activity run", text="has no start", check=_skipped),
    WireAssumption(name="activity run in progress", text="has no end", check=_in_progress),
    WireAssumption(name="failed activity run", text="says why, with a code", check=_failed),
    WireAssumption(
        name="iterationHash", text="tells the rounds of a loop apart", check=_iterations
    ),
    WireAssumption(
        name="ScheduleTime of a trigger run",
        text="is the time it was due, a US date in UTC",
        check=_trigger_times,
    ),
    WireAssumption(
        name="window of a tumbling trigger run",
        text="stands in its properties as windowStartTime and windowEndTime",
        check=_trigger_windows,
    ),
    WireAssumption(
        name="statuses of trigger runs", text="are those the bot knows", check=_trigger_statuses
    ),
    WireAssumption(
        name="node of a self-hosted runtime",
        text="says when it was heard from last",
        check=_nodes,
    ),
    WireAssumption(name="page of runs", text=f"holds {MOST_ON_A_PAGE}", check=_page),
)
# Nobody may provoke these on a real factory, so they stay guesses:
# the body and Retry-After of a 429; the case of PipelineName filters; a re-stamp of runStart after
# a wait of hours; what Canceling activity rows look like; the weeks of a weekly schedule with an
# interval (taken to begin on Monday); a daily start in the hour a clock change leaves out (taken to
# come as much later) or doubles (taken to come once, at the first); what the
# dependencyStatus of a window says that waits for another.
