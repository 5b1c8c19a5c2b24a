"""What a card says of an incident is made of records, and stays true with few of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adf.records import PipelineNotes, RunReport
from adf.records.moments import in_plain_words
from bot.alerts.incident_report import incident_as_read
from bot.alerts.incidents import EarlierIncident, Ending, Incident, IncidentEvent
from bot.alerts.incidents.lifecycle import continued, opened, recovered
from cards import records
from cards.records import IncidentState, Mentioned
from tests.bot.builders.nights import BERLIN, NOTES, START, failure, good, report_of, run_of

OPENED = opened(failure("r1"), "INC-7")
PRIYA = Mentioned(name="Priya", person_id="priya-id")


def nothing(pipeline: str) -> PipelineNotes:
    return PipelineNotes()


def told(
    incident: Incident = OPENED, report: RunReport | None = None, *, call: Mentioned | None = None
) -> records.IncidentReport:
    called = (call,) if call else ()
    return incident_as_read(
        incident, report, lambda name: NOTES.get(name, PipelineNotes()), BERLIN, called
    )


def test_the_title_says_what_broke_where_and_after_how_long() -> None:
    assert told(report=report_of(run_of("r1"))).title == (
        "CustomerDataETL failed · Copy_CRM · after 31 min (usually 24 min)"
    )


def test_without_a_report_the_names_stand_and_nothing_is_made_up() -> None:
    record = told()
    assert record.title == "CustomerDataETL failed · Copy_CRM"
    assert record.cause == "Copy_CRM failed. I can't read why right now."
    assert record.error == ""


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("One thing. And another.", "Copy_CRM failed: One thing."),
        ("One  thing\nonly", "Copy_CRM failed: One thing only"),
        ("x" * 400, f"Copy_CRM failed: {'x' * 239}…"),
        (" ", "Copy_CRM failed."),
    ],
)
def test_an_error_without_a_meaning_speaks_with_its_own_first_words(
    message: str, says: str
) -> None:
    report = report_of(run_of("r1"))
    assert report.cause is not None
    cause = replace(report.cause, error=replace(report.cause.error, message=message))
    assert told(report=replace(report, cause=cause)).cause == says


def test_a_run_without_a_known_cause_speaks_with_its_own_message() -> None:
    signal = failure("r1")
    bare = replace(
        signal,
        report=RunReport(run=replace(signal.run, message="It broke."), as_of=START),
    )
    record = told(opened(bare, "INC-1"), bare.report)
    assert (record.title, record.cause) == (
        "CustomerDataETL failed · after 31 min (usually 24 min)",
        "CustomerDataETL failed: It broke.",
    )


def test_who_waits_is_told_with_when_it_is_due() -> None:
    assert [in_plain_words(one) for one in told().waiting] == ["ExportToPowerBI, due 07:00 CET"]
    assert incident_as_read(OPENED, None, nothing, BERLIN).waiting == ()


def test_people_are_called_while_it_is_open_only() -> None:
    assert told(call=PRIYA).call == (PRIYA,)
    deed = IncidentEvent(person_id="m", name="Maya", at=START)
    taken = replace(OPENED, state=IncidentState.ACKNOWLEDGED, acknowledged=deed)
    record = told(taken, call=PRIYA)
    assert (record.call, record.changed_by, record.changed_at) == ((), "Maya", START)


@pytest.mark.parametrize(
    ("times", "ordinal"),
    [(1, "2nd"), (2, "3rd"), (3, "4th"), (10, "11th"), (20, "21st"), (110, "111th")],
)
def test_history_counts_and_says_what_was_good_after(times: int, ordinal: str) -> None:
    ending = Ending(at=START + timedelta(hours=2), run_id="9d2e0000-1111")
    earlier = EarlierIncident(incident_id="INC-3", since=START, ending=ending, times=times)
    record = told(replace(OPENED, earlier=earlier))
    assert (record.history, record.earlier_at) == (f"{ordinal} time", START)
    assert record.earlier == "INC-3, recovered after 2 h"


def test_one_that_somebody_closed_is_not_said_to_be_good_again() -> None:
    deed = IncidentEvent(person_id="m", name="Maya", at=START)
    ending = Ending(at=START + timedelta(hours=2), by=deed)
    earlier = EarlierIncident(incident_id="INC-3", since=START, ending=ending)
    assert told(replace(OPENED, earlier=earlier)).earlier == "INC-3, closed by Maya after 2 h"


def test_several_pipelines_are_counted_and_those_that_are_well_are_named() -> None:
    incident = opened(failure("r0", "P0", group="g"), "INC-1")
    for number in range(1, 6):
        incident = continued(incident, failure(f"r{number}", f"P{number}", group="g"))
    assert told(incident).title == "6 pipelines are blocked"
    for number in range(4):
        incident = recovered(incident, good(f"g{number}", f"P{number}", end=30).run)
    record = told(incident)
    assert (record.title, record.pipelines) == ("2 pipelines are blocked", ("P4", "P5"))
    assert record.said == "Recovered already: P0, P1, P2 and 1 more."
    for number in range(4, 6):
        incident = recovered(incident, good(f"g{number}", f"P{number}", end=40).run)
    assert told(incident).title == "6 pipelines were blocked"
