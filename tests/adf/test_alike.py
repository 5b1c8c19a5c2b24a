"""The same error in many pipelines at once is one cause, from the third pipeline on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from adf.records import Failure
from adf.watch.alike import WITHIN, AlikeFailures
from tests.bot.builders.nights import START, failure

NAMES = ("A", "B", "C", "D")


def broken(*names: str, alike: str = "m") -> list[Failure]:
    return [replace(failure(f"r-{name}", name), alike=alike) for name in names]


def groups(found: Sequence[Failure]) -> set[str]:
    return {one.group for one in found}


def test_three_pipelines_with_one_error_are_one_cause_and_two_are_not() -> None:
    first = broken("A")[0].group
    assert groups(AlikeFailures().joined(broken("A", "B", "C"), START)) == {first}
    assert len(groups(AlikeFailures().joined(broken("A", "B"), START))) == 2
    assert groups(AlikeFailures().joined(broken("B", "B", "B"), START)) == {broken("B")[0].group}


def test_they_are_joined_over_several_looks_within_minutes_only() -> None:
    watch = AlikeFailures()
    watch.joined(broken("A", "B"), START)
    first = broken("A")[0].group
    assert groups(watch.joined(broken("C"), START + WITHIN)) == {first}
    late = AlikeFailures()
    late.joined(broken("A", "B"), START)
    assert groups(late.joined(broken("C"), START + WITHIN + timedelta(minutes=1))) != {first}


def test_what_names_its_broken_thing_stays_with_it() -> None:
    named = [replace(one, alike="", group="runtime:x") for one in broken(*NAMES)]
    assert groups(AlikeFailures().joined(named, START)) == {"runtime:x"}
