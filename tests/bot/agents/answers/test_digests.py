"""Wishes for a summary on a schedule: what is set, and what is asked back before anything is."""

from typing import Any

import pytest

from cards.records import Picker
from tests.bot.agents.answers.test_agent import Room


def set_by(room: Room) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in call.arguments.items() if value is not None}
        for call in room.calls
        if call.name == "ops_digest"
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tell us every morning at 8 how things stand", {"at": "08:00", "days": "daily"}),
        ("send a summary here on weekdays at 7:30", {"at": "07:30", "days": "weekdays"}),
        ("send us a digest every monday at 9 am", {"at": "09:00", "days": "mon"}),
        ("change the digest to 9:15", {"at": "09:15"}),
    ],
)
async def test_days_and_time_go_to_the_tool(text: str, wanted: dict[str, str]) -> None:
    room = Room(["Stock"])
    await room.ask(text)
    assert set_by(room) == [{"where": "here", **wanted}]


async def test_send_me_means_the_askers_own_chat() -> None:
    room = Room(["Stock"])
    await room.ask("send me a summary every morning at 8")
    assert set_by(room) == [{"where": "me", "at": "08:00", "days": "daily"}]


async def test_it_is_stopped_by_words() -> None:
    room = Room(["Stock"])
    await room.ask("stop the morning summary")
    assert [call.name for call in room.calls] == ["ops_stop_digest"]


@pytest.mark.parametrize(
    "text",
    [
        "send us a weekly digest",
        "stop the digest on weekends",
        "mail me a summary every morning at 8",
        "send us a digest every hour",
        "send that to the channel",
        "send it to the channel",
    ],
)
async def test_what_is_not_clear_is_asked_back_and_sets_nothing(text: str) -> None:
    room = Room(["Stock"])
    answer = await room.ask(text)
    assert not {call.name for call in room.calls} & {"ops_digest", "ops_stop_digest"}
    (picker,) = answer.records
    assert isinstance(picker, Picker)


async def test_another_time_said_next_is_that_of_the_summary() -> None:
    room = Room(["Stock"])
    await room.ask("send us a summary every day at 8")
    await room.ask("make it weekdays at 7:30")
    assert set_by(room)[-1] == {"where": "here", "at": "07:30", "days": "weekdays"}


async def test_each_choice_that_is_offered_sets_what_it_says() -> None:
    room = Room(["Stock"])
    answer = await room.ask("send us a weekly digest")
    (picker,) = answer.records
    assert isinstance(picker, Picker)
    for choice in picker.choices:
        await room.ask(choice.question)
    assert [(one["at"], one["days"]) for one in set_by(room)] == [
        ("08:00", "daily"),
        ("08:00", "weekdays"),
        ("08:00", "mon"),
    ]
