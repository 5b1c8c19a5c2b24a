"""A card fits whatever comes: fewer rows, then a shorter error, then without what is not needed."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from adf.records import RunStatus
from cards.card_for import Record
from cards.components.blocks import text
from cards.components.layout import MOST_BYTES, CardDraft, SizeLimit, fitted, size_of
from cards.gallery import keeping, lists, operations, typical
from cards.gallery.hostile import enlarged
from cards.gallery.samples import TYPICAL, drawn
from cards.text import md
from cards.text_rendering import read_card
from tests.cards.judges import walk

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize("name", TYPICAL)
def test_an_overlarge_record_still_fits(name: str) -> None:
    card = drawn(cast("Record", enlarged(TYPICAL[name])))
    assert size_of(card) <= MOST_BYTES
    assert len(card.content["body"]) >= min(2, len(drawn(TYPICAL[name]).content["body"]))


def test_what_is_left_out_is_counted() -> None:
    runs = tuple(
        replace(typical.CUSTOMER, run_id=f"run-{place}", pipeline=f"Pipeline_{place}")
        for place in range(90)
    )
    card = drawn(replace(lists.RUNS, runs=runs))
    written = str(card.content["body"])
    left = re.search(r"(\d+) more pipelines", written)
    assert left
    assert written.count("✖") - 1 + int(left.group(1)) == 90


def test_the_first_dozen_is_in_sight_and_the_rest_one_press_away() -> None:
    runs = tuple(
        replace(typical.CUSTOMER, run_id=f"run-{place}", pipeline=f"Pipeline_{place}")
        for place in range(25)
    )
    card = drawn(replace(lists.RUNS, runs=runs))
    seen = read_card(card.content, UTC).text
    assert sum(line.startswith("✖  ") for line in seen.splitlines()) == 12
    toggles = [one for _, one in walk(card.content) if one.get("type") == "Action.ToggleVisibility"]
    assert [(one["title"], one["targetElements"]) for one in toggles] == [
        ("Show 13 more", ["more_pipelines"])
    ]
    assert "Pipeline_24" in str(card.content["body"]).replace("\\", "")


def test_a_long_error_is_cut_on_the_first_screen_and_whole_behind_a_button() -> None:
    error = "Message=The key is gone, said the server. " + "at Some.Stack.Frame() " * 90
    failed = replace(typical.FAILURE, meaning=None)
    assert failed.cause
    failed = replace(
        failed, cause=replace(failed.cause, error=replace(failed.cause.error, message=error))
    )
    card = drawn(failed)
    reading = read_card(card.content, UTC)
    assert len(reading.quoted.split("\n")[0]) <= 420
    assert "whole_error" in str(card.content["body"])
    assert error.strip()[-60:] in str(card.content["body"])


def test_rows_give_way_first_then_the_error_then_the_extras() -> None:
    tried: list[SizeLimit] = []

    def build(room: SizeLimit) -> CardDraft:
        tried.append(room)
        filler = "x" * (1000 * room.rows if room.extras else 10)
        return CardDraft(kind="k", summary="s", body=[text("head")], teams={"filler": filler})

    fitted(build)
    assert [room.rows for room in tried][:2] == [40, 25]
    assert all(later.error <= one.error for one, later in pairwise(tried))


def test_what_never_fits_is_reduced_to_its_heading() -> None:
    def build(room: SizeLimit) -> CardDraft:
        del room
        body = [text("head"), *(text(md("long " * 50)) for _ in range(200))]
        return CardDraft(kind="k", summary="s", body=body)

    card = fitted(build)
    assert len(card.content["body"]) == 1


def test_four_buttons_are_in_sight_and_the_others_in_the_menu() -> None:
    actions = drawn(keeping.ALERT).content["actions"]
    shown = [one["title"] for one in actions if one.get("mode") != "secondary"]
    assert shown == ["Acknowledge", "Why", "Rerun…", "Open in Studio"]
    assert {"Mute", "Assign"} <= {one["title"] for one in actions[4:]}


def test_what_broke_is_in_sight_however_many_activities_ran() -> None:
    steps = operations.ACTIVITIES.report.activity_runs
    fine = replace(steps[0], status=RunStatus.SUCCEEDED)
    many = (*(replace(fine, name=f"Step_{place}") for place in range(30)), steps[8])
    report = replace(operations.ACTIVITIES.report, activity_runs=many)
    seen = read_card(drawn(replace(operations.ACTIVITIES, report=report)).content, UTC).text
    assert "✖  Copy_Orders_to_SQL" in seen
