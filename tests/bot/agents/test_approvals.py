"""Nobody can allow what a card could not show whole."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.agents.approvals import (
    HOLDS_KEY,
    LONGEST,
    MOST_ARGUMENTS,
    MOST_CALLS,
    TOO_LONG,
    TOO_MANY,
    UNSEEN,
    display_problem,
)
from bot.agents.interface import Approval


def call(tool: str = "write", **arguments: object) -> Approval:
    return Approval(approval_id=tool, server="wiki", tool=tool, arguments=arguments)


@pytest.mark.parametrize(
    "said",
    [
        {"text": "x" * (LONGEST - 4)},
        {f"n{at}": at for at in range(MOST_ARGUMENTS)},
        {"text": "two\r\nlines\tand https://learn.example/page?x=1, the password is wrong"},
        {"where": {"page": [1, None]}},
        {},
    ],
)
def test_what_is_seen_to_its_end_can_be_allowed(said: Mapping[str, Any]) -> None:
    assert display_problem(call(**said)) == ""


@pytest.mark.parametrize(
    ("said", "lack"),
    [
        ({"text": "x" * LONGEST}, TOO_LONG),
        ({f"n{at}": at for at in range(MOST_ARGUMENTS + 1)}, TOO_LONG),
        ({"n" * 61: "x"}, TOO_LONG),
        ({"text": "a\u202eb"}, UNSEEN),
        ({"text": "a\U000e0041b"}, UNSEEN),
        ({"te\u200bxt": "a"}, UNSEEN),
        ({"text": "a\u0301\u0301\u0301\u0301"}, UNSEEN),
        ({"text": "AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYg==;"}, HOLDS_KEY),
        ({"password": "Hunter2"}, HOLDS_KEY),
    ],
)
def test_anything_hidden_cannot(said: Mapping[str, Any], lack: str) -> None:
    assert display_problem(call(**said)) == lack


def test_a_name_of_a_tool_that_is_cut_cannot() -> None:
    assert display_problem(call("t" * 61)) == TOO_LONG


def test_calls_beside_each_other_share_the_card() -> None:
    small = call(text="x")
    assert display_problem(small, [small] * (MOST_CALLS - 1)) == ""
    assert display_problem(small, [small] * MOST_CALLS) == TOO_MANY
    half = call(text="x" * (LONGEST // 2))
    assert display_problem(half, [half]) == TOO_MANY
