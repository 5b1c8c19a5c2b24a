"""A reader is shown the record, a stakeholder two plain sentences, and nobody another's factory."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.records import (
    ActivityTable,
    Cause,
    PipelineNotes,
    PipelineRun,
    RunList,
    RunReport,
    RunStatus,
    TimeRange,
)
from bot.access.policy import Grant, Role
from bot.access.visibility import VisibleAnswer, shown_to
from cards.gallery.samples import TYPICAL
from cards.gallery.typical import FACTORY
from cards.records import Help, Picker, Problem

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
READER = Grant(roles={"prod": Role.READER}, meant="prod")
HEARER = Grant(roles={"prod": Role.STAKEHOLDER}, meant="prod")
NOTES = PipelineNotes(usual=timedelta(minutes=30), due="05:00 UTC")


def at(hour: int, minute: int = 0, day: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def run(status: RunStatus, start: datetime | None, end: datetime | None = None) -> PipelineRun:
    return PipelineRun(
        factory="prod",
        run_id="1" * 8,
        pipeline="Orders",
        status=status,
        start=start,
        end=end,
        message="ErrorCode=2200 Hidden_Step",
    )


def listed(*runs: PipelineRun, notes: PipelineNotes | None = NOTES) -> RunList:
    return RunList(
        factory="prod",
        runs=runs,
        time_range=TimeRange(start=at(2, 40, day=10), end=NOW),
        as_of=NOW,
        pipeline="Orders",
        latest_only=True,
        notes={"Orders": notes} if notes else {},
    )


def shown(grant: Grant, record: object) -> VisibleAnswer:
    return shown_to(grant, [record], NOW, BERLIN, lambda: ("Opal", "Boss"))


GOOD = run(RunStatus.SUCCEEDED, at(1), at(1, 30))
OLD = run(RunStatus.SUCCEEDED, at(1, day=11), at(1, 30, day=11))
BAD = run(RunStatus.FAILED, at(2), at(2, 10))
GOING = run(RunStatus.IN_PROGRESS, at(2, 20))
LATE = run(RunStatus.IN_PROGRESS, at(1))
QUEUED = run(RunStatus.QUEUED, None)


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (listed(GOOD), "The Orders data is in, as of 02:30. The next load is due by 06:00."),
        (
            listed(GOOD, notes=None),
            "The Orders data is in, as of 02:30. No deadline is set for the next load.",
        ),
        (
            listed(BAD, OLD),
            "The Orders data is not in: the last load didn't complete, 03:10; the latest"
            " data is from Wed 11 Mar, 02:30. It is due by 06:00. Ask Opal or Boss whether it will"
            " make it.",
        ),
        (
            listed(GOING, OLD),
            "The Orders data is not in yet: it is loading since 03:20; the latest data is from"
            " Wed 11 Mar, 02:30. It is usually done by 03:50.",
        ),
        (
            listed(LATE),
            "The Orders data is not in yet: it is loading since 02:00. It is usually done by"
            " 02:30, so it is late.",
        ),
        (
            listed(QUEUED, notes=None),
            "The Orders data is not in yet: it is waiting to start. No deadline is set for it."
            " Ask Opal or Boss whether it will make it.",
        ),
        (
            listed(notes=replace(NOTES, due="02:00 UTC")),
            "Orders loaded nothing since Tue 10 Mar, 03:40. It is due by Fri 13 Mar, 03:00."
            " Ask Opal or Boss whether it will make it.",
        ),
    ],
)
def test_a_stakeholder_hears_two_plain_sentences(runs: RunList, said: str) -> None:
    told = shown(HEARER, runs)
    assert (told.words, told.records, told.refused) == (said, (), None)
    assert not re.search(r"ErrorCode|2200|Hidden_Step|1111|fail|pipeline", told.words)


def test_a_strange_due_time_is_no_time() -> None:
    runs = listed(GOOD, notes=replace(NOTES, due="soon"))
    assert shown(HEARER, runs).words.endswith("No deadline is set for the next load.")


@pytest.mark.parametrize(
    "record",
    [
        replace(listed(GOOD), pipeline=None),
        replace(listed(BAD), statuses=(RunStatus.FAILED,)),
        RunReport(run=BAD, as_of=NOW),
        ActivityTable(report=RunReport(run=BAD, as_of=NOW)),
    ],
)
def test_everything_else_is_for_readers(record: object) -> None:
    assert shown(HEARER, record) == VisibleAnswer(refused="prod")
    assert shown(READER, record) == VisibleAnswer(records=(record,))


def test_another_factory_is_shown_to_nobody() -> None:
    elsewhere = replace(listed(GOOD), factory="hr")
    for grant in (READER, HEARER, Grant()):
        assert shown(grant, elsewhere) == VisibleAnswer(refused="hr")


@pytest.mark.parametrize("name", sorted(TYPICAL))
def test_no_card_of_a_factory_gets_past(name: str) -> None:
    record = TYPICAL[name]
    told = shown(HEARER, record)
    is_talk = type(record).__name__ in {
        "Help",
        "Picker",
        "Denied",
        "SubscriptionList",
        "Usage",
        "DocsAnswer",
        "ErrorExplanation",
        "CallApproval",
        "Problem",
    }
    assert bool(told.records) is is_talk
    assert told.words == ""


@pytest.mark.parametrize("name", sorted(TYPICAL))
def test_every_card_of_ones_own_factory_is_shown_to_a_reader(name: str) -> None:
    own = (FACTORY, *TYPICAL[name].factories)
    reader = Grant(roles=dict.fromkeys(own, Role.READER), meant=FACTORY)
    assert shown(reader, TYPICAL[name]).records == (TYPICAL[name],)


@dataclass(frozen=True)
class Unknown:
    """A record that does not say whose it is."""

    cause: Cause | None = None


def test_what_does_not_tell_whose_it_is_is_refused() -> None:
    assert shown(READER, Unknown()).refused == ""


def test_talk_is_for_everybody() -> None:
    for record in (Help(bot_name="x", examples=()), Picker(question="?", choices=())):
        assert shown(HEARER, record).records == (record,)


def test_a_trouble_keeps_what_was_last_known_from_who_may_not_read() -> None:
    trouble = Problem(
        area="network", asked="x", happened="y", fix="z", who="w", last_known="failed", code="2200"
    )
    assert shown(READER, trouble).records == (trouble,)
    (kept,) = shown(HEARER, trouble).records
    assert kept == replace(trouble, last_known=None, code=None)
