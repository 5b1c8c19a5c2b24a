"""What each kind of card says in the cases that the gallery does not show."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from adf.records import InvokedBy, PipelineNotes, RunStatus
from cards import card_for
from cards.card_for import Record
from cards.components.errors import peeled
from cards.components.layout import MOST_BYTES, size_of
from cards.gallery import asking, keeping, lists, model, operations, typical
from cards.gallery.samples import TYPICAL, drawn, gallery
from cards.records import UNUSED, Choice, DocsAnswer, Explanation, PageSource
from cards.text_rendering import CardText, read_card

BERLIN = ZoneInfo("Europe/Berlin")
WORDS = "The feed holds a row **without** `CustomerKey`.\n- Ask the owner\n1. Then rerun"
LEARN = PageSource(title="Copy activity", url="https://learn.microsoft.com/azure/data-factory/copy")
EVIL = PageSource(title="Click here", url="https://evil.example/x")


def read(record: Record) -> CardText:
    return read_card(drawn(record).content, BERLIN)


def said(record: Record) -> str:
    return read(record).text


def titles(record: Record) -> list[str]:
    return [one.title for one in read(record).buttons]


def test_every_type_of_record_is_in_the_gallery() -> None:
    assert {type(one) for one in TYPICAL.values()} == set(get_args(Record))


def test_a_broken_run_without_a_cause_still_shows_its_message() -> None:
    report = replace(typical.FAILURE, cause=None, meaning=None, activity_runs=())
    assert "It failed with the error below." in said(report)
    assert peeled(typical.NULL_KEY) in read(report).quoted
    assert typical.NULL_KEY in read(report).quoted


def test_a_broken_run_of_which_nothing_could_be_read_says_so() -> None:
    run = replace(typical.CUSTOMER, message="")
    report = replace(
        typical.FAILURE, run=run, cause=None, meaning=None, gaps=("could not read the rows",)
    )
    assert "I couldn't read which activity failed." in said(report)
    assert "Partial answer: could not read the rows." in said(report)


def test_a_meaning_without_an_activity_stands_alone() -> None:
    assert typical.FAILURE.meaning
    report = replace(typical.FAILURE, cause=None)
    assert "\nNULL in a required column" in said(report)


def test_a_failure_says_how_the_newer_run_is() -> None:
    newer = replace(typical.CUSTOMER, status=RunStatus.SUCCEEDED, end=typical.at(2, 10))
    text = said(replace(typical.FAILURE, newer=newer))
    assert "Since then  a newer run succeeded at 03:10" in text


def test_whether_a_rerun_helps_is_said_once() -> None:
    meaning = typical.FAILURE.meaning
    assert meaning
    quiet = replace(meaning, next_steps=("Look at the source",), rerun="only_if_transient")
    assert "A rerun helps only if this was temporary." in said(
        replace(typical.FAILURE, meaning=quiet)
    )
    assert said(typical.FAILURE).lower().count("a rerun will fail") == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RunStatus.CANCELLED, "was cancelled"),
        (RunStatus.TIMED_OUT, "timed out"),
        (RunStatus.UNKNOWN, "has an unknown state"),
        (RunStatus.CANCELING, "is being cancelled"),
    ],
)
def test_a_run_in_any_state_is_named_in_words(status: RunStatus, words: str) -> None:
    runs = replace(lists.NEWEST, runs=(replace(typical.CUSTOMER, status=status),))
    assert f"CustomerDataETL {words}" in said(runs)


def test_a_queued_run_has_not_started() -> None:
    runs = replace(lists.NEWEST, runs=typical.QUEUED, pipeline="ProcessOrders")
    assert "Queued, not started yet." in said(runs)


def test_a_run_that_ended_before_it_started_is_not_given_a_duration() -> None:
    run = replace(typical.CUSTOMER, start=None, end=None, duration=None, status=RunStatus.CANCELLED)
    assert "Cancelled. I don't know when it started." in said(replace(lists.NEWEST, runs=(run,)))


def test_a_child_run_names_its_parent() -> None:
    runs = replace(lists.NEWEST, runs=(typical.CHILD,), pipeline="IngestSalesforce")
    assert "By  parent pipeline PL_Master_Nightly" in said(runs)


def test_a_run_of_a_person_names_the_person_once() -> None:
    run = replace(typical.CUSTOMER, invoked_by=InvokedBy(name="Manual", kind="Manual"))
    assert "By  Manual\n" in said(replace(lists.NEWEST, runs=(run,)))


def test_no_failed_run_of_a_pipeline_is_no_lack_of_runs() -> None:
    runs = replace(lists.NO_RUN, statuses=(RunStatus.FAILED,))
    assert "FinanceGL_Load has no failed run in the last 48 h" in said(runs)


def test_a_child_that_runs_stands_under_its_parent_too() -> None:
    runs = (
        replace(typical.MASTER, status=RunStatus.IN_PROGRESS, end=None),
        replace(typical.CHILD, status=RunStatus.IN_PROGRESS, end=None),
    )
    assert "child runs: IngestSalesforce" in said(replace(lists.RUNS, runs=runs))


def test_runs_that_call_each_other_in_a_circle_are_still_listed() -> None:
    first = replace(
        typical.MASTER,
        invoked_by=InvokedBy(name="x", kind="PipelineActivity", pipeline_run_id="other"),
    )
    second = replace(
        typical.CHILD,
        run_id="other",
        invoked_by=InvokedBy(name="x", kind="PipelineActivity", pipeline_run_id=first.run_id),
    )
    assert drawn(replace(lists.RUNS, runs=(first, second))).kind == "status_list"


def test_two_runs_of_different_factories_are_compared_by_their_factories() -> None:
    other = replace(operations.COMPARISON.right, factory="adf-uat")
    text = said(replace(operations.COMPARISON, right=other, differences=(), same=()))
    assert "CustomerDataETL: adf-prod and adf-uat" in text
    assert "There is no difference that matters." in text


def test_an_incident_without_people_cannot_be_assigned() -> None:
    assert "Assign" not in titles(replace(keeping.ALERT, people=()))


def test_an_acknowledged_incident_says_by_whom() -> None:
    text = said(replace(keeping.ACKNOWLEDGED, said="Already acknowledged by Maya."))
    assert "Acknowledged by Maya at 03:41." in text
    assert "Assigned to Lee Park by Maya." in text
    assert "Muted until 05:00 by Maya." in text
    assert "Already acknowledged by Maya." in text


def test_nothing_subscribed_is_said_as_such() -> None:
    quiet = replace(keeping.SUBSCRIPTIONS, subscriptions=(), said="")
    assert "No alerts" in said(quiet)


def test_trouble_of_the_network_can_be_asked_again() -> None:
    trouble = replace(asking.TROUBLE, area="network", choices=(Choice(title="a", question="b"),))
    assert titles(trouble) == ["Ask again", "Azure portal", "a"]


def test_trouble_without_a_last_known_state_shows_none() -> None:
    assert "Known" not in said(replace(asking.TROUBLE, last_known=None))
    assert "Last known  yes" in said(replace(asking.TROUBLE, last_known="yes", as_of=None))


def test_an_answer_opens_only_pages_of_ours() -> None:
    answer = DocsAnswer(question="q", finding="f", points=("p",) * 9, sources=(LEARN, EVIL))
    assert titles(answer) == ["Microsoft Learn"]
    text = said(answer)
    assert "Copy activity (learn.microsoft.com)" in text
    assert "evil.example" not in text
    assert "3 more" in text


def test_usage_without_a_cap_says_so_and_near_the_cap_warns() -> None:
    assert "no cap is set" in said(replace(model.USAGE, cap=None, cost="", days=()))
    near = drawn(replace(model.USAGE, cap=50_000))
    assert near.content["body"][0]["style"] == "warning"


def test_usage_tells_what_the_tokens_were_and_what_was_done_for_them() -> None:
    text = said(model.USAGE)
    assert "24% of 200,000" in text
    assert "Input  44,120, of which 30,208 cached" in text
    assert "Turns  9, 6.5 s each" in text
    assert "Steps  24, with 17 tool calls" in text
    assert "This conversation: 9,240 tokens in (6,144 cached), 812 out" in text
    assert "2 turns, 5.9 s each, 6 steps, 4 tool calls; 0.0430 EUR." in text


def test_usage_without_turns_of_a_model_tells_nothing_of_them() -> None:
    for one in (model.USAGE_NONE, replace(model.USAGE, today=UNUSED, here=UNUSED)):
        assert not [word for word in ("Input", "Steps", "This conversation") if word in said(one)]
    untimed = replace(model.USAGE.today, seconds=0.0)
    assert "Turns  9\n" in said(replace(model.USAGE, today=untimed))


def test_a_critical_pipelines_usual_duration_stands_beside_the_real_one() -> None:
    notes = {"ProcessOrders": PipelineNotes(usual=timedelta(minutes=18), due="05:00")}
    text = said(replace(lists.GOING, notes=notes))
    assert "1 h 35 min (usually 18 min)" in text
    assert "Due  05:00" in text


def explained(explanation: Explanation, record: Record = typical.FAILURE) -> str:
    card = card_for(record, now=typical.NOW, zone=BERLIN, explanation=explanation)
    assert size_of(card) <= MOST_BYTES
    return read_card(card.content, BERLIN).text


def test_an_explanation_is_marked_as_generated_and_keeps_its_lines() -> None:
    text = explained(Explanation(words=WORDS, sources=(LEARN, EVIL)))
    assert "AI generated: check before you act" in text
    assert "The feed holds a row without CustomerKey.\n• Ask the owner\n• Then rerun" in text
    assert "Copy activity (learn.microsoft.com)" in text


def test_a_missing_explanation_says_why() -> None:
    assert "No explanation right now" in explained(Explanation(missing="No explanation right now."))
    cut_off = explained(Explanation(words=WORDS, missing="These words are not whole."))
    assert cut_off.index("These words are not whole.") > cut_off.index(WORDS[:20])
    assert explained(Explanation()) == explained(Explanation(words="  "))


def test_a_long_explanation_gives_way_to_the_facts() -> None:
    largest = max(gallery(), key=lambda one: size_of(one.card))
    assert size_of(largest.card) > MOST_BYTES - 2000
    assert "…" in explained(Explanation(words="word " * 2000))
