"""What every record says of itself: of which factories it tells, what it is about, its one line."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from adf.records import RunStatus
from adf.records.moments import in_plain_words
from cards.gallery import lists, operations, typical
from cards.gallery.samples import TYPICAL

BERLIN = ZoneInfo("Europe/Berlin")


def factories_inside(record: object) -> Iterator[str]:
    """Every alias that stands anywhere in a record."""
    if isinstance(record, tuple):
        for one in cast("tuple[object, ...]", record):
            yield from factories_inside(one)
    elif is_dataclass(record):
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name == "factory" and isinstance(value, str):
                yield value
            else:
                yield from factories_inside(value)


@pytest.mark.parametrize("name", TYPICAL)
def test_a_record_names_every_factory_that_stands_in_it(name: str) -> None:
    assert {*factories_inside(TYPICAL[name])} - {""} <= {*TYPICAL[name].factories}


def test_records_about_the_same_thing_are_equal_in_identity_and_others_are_not() -> None:
    identities = [record.identity for record in TYPICAL.values()]
    assert typical.FAILURE.identity in identities
    assert operations.ACTIVITIES.identity != operations.ITEMS.identity
    assert lists.RUNS.identity != lists.NEWEST.identity


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("failure_card", "CustomerDataETL: Failed 02:31 CET, at Copy_CRM_Customers"),
        ("run_card_running", "ProcessOrders: Running since 02:05 CET"),
        ("status_list_none", "no runs"),
        ("status_list_pipelines", "3 pipelines"),
    ],
)
def test_the_one_line_of_a_record_says_how_it_stands(name: str, line: str) -> None:
    assert in_plain_words(TYPICAL[name].one_line(BERLIN) or "") == line


def test_the_one_line_of_many_runs_names_what_is_broken() -> None:
    assert any(one.status is RunStatus.FAILED for one in lists.RUNS.runs)
    assert "failed: " in lists.RUNS.one_line(BERLIN)


def test_what_is_not_worth_a_line_has_none() -> None:
    assert TYPICAL["help_card"].one_line(BERLIN) is None
