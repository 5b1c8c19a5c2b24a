"""What the cards of the first three questions say."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from cards import Record, card_for
from cards.card import Card
from cards.gallery import asking, lists, typical
from cards.text_rendering import read_card

BERLIN = ZoneInfo("Europe/Berlin")


def drawn(record: Record, note: str | None = None) -> Card:
    return card_for(record, now=typical.NOW, zone=BERLIN, note=note)


def said(record: Record) -> str:
    return read_card(drawn(record).content, BERLIN).text


def test_a_failure_says_what_failed_why_since_when_and_who_waits() -> None:
    text = said(typical.FAILURE)
    for part in ("CustomerDataETL failed", "Copy_CRM_Customers", "CustomerKey", "2200"):
        assert part in text
    assert "after 31 min (usually 24 min)" in text
    assert "Waiting  ExportToPowerBI, due 06:00" in text


def test_a_failure_quotes_the_error_word_for_word() -> None:
    assert read_card(drawn(typical.FAILURE).content, BERLIN).quoted == typical.NULL_KEY


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_a_failure_says_how_often_data_factory_tried(retries: int) -> None:
    cause = typical.FAILURE.cause
    assert cause
    failed = tuple(replace(one, retry_attempt=retries or None) for one in cause.failed)
    text = said(replace(typical.FAILURE, cause=replace(cause, failed=failed)))
    assert (f"Attempts  {retries + 1}, all failed" in text) == bool(retries)


def test_a_nested_failure_names_the_way_down_and_the_failed_items() -> None:
    text = said(typical.NESTED)
    assert "PL_Master_Nightly › Exec_IngestSalesforce › IngestSalesforce › ForEach_Object" in text
    assert "12 of 14 items succeeded, 2 failed: Account, OpportunityLineItem" in text
    assert "could not read the definition of IngestSalesforce" in text


def test_an_error_text_is_never_said_only_quoted() -> None:
    for record in (typical.NESTED, lists.NEWEST):
        assert "ErrorCode=" not in said(record)


def test_a_running_run_says_for_how_long_and_when_the_one_before_ended() -> None:
    text = said(lists.GOING)
    assert "Running for 1 h 35 min (usually 18 min)." in text
    assert "succeeded 01:53" in text


def test_no_run_in_the_time_range_is_said_as_such() -> None:
    assert "FinanceGL_Load did not run in the last 48 h" in said(lists.NO_RUN)


def test_a_list_puts_the_broken_first_and_the_child_under_its_parent() -> None:
    lines = said(lists.RUNS).splitlines()
    rows = [line for line in lines if line.startswith(("✖", "▶", "✔"))]
    assert [row.split()[1] for row in rows] == [
        "PL_Master_Nightly",
        "CustomerDataETL",
        "ProcessOrders",
        "InventorySnapshot",
    ]
    assert "in child pipeline IngestSalesforce" in rows[0]


def test_a_list_counts_running_and_queued_runs() -> None:
    assert "1 running, 3 queued · for 1 h 35 min" in said(lists.RUNNING)


def test_a_list_without_failures_says_that_all_is_well() -> None:
    assert "no failures in 2 runs" in said(lists.ALL_WELL)
    assert "no failed runs" in said(lists.QUIET)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (typical.FAILURE, "failure_card"),
        (typical.SUCCESS, "run_card"),
        (lists.NEWEST, "run_card"),
        (lists.RUNS, "status_list"),
        (lists.PIPELINES, "status_list"),
        (asking.HELP, "help_card"),
        (asking.PICKER, "picker_card"),
        (asking.TROUBLE, "error_card"),
    ],
)
def test_each_record_has_its_kind_of_card(record: Record, kind: str) -> None:
    assert drawn(record).kind == kind


def test_the_note_of_an_answer_stands_on_its_card() -> None:
    card = drawn(lists.NEWEST, note="Read as CustomerDataETL.")
    assert "Read as CustomerDataETL." in read_card(card.content, BERLIN).text


def test_the_summary_is_plain_and_starts_with_the_status() -> None:
    summary = drawn(typical.FAILURE).summary
    assert summary.startswith("Failed: CustomerDataETL at Copy_CRM_Customers, 02:31 CET.")
    assert drawn(typical.FAILURE).content["speak"] == summary
