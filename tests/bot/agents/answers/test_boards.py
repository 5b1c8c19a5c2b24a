"""Wishes for a live board: put up, taken down, and asked back where the words speak for both."""

from itertools import product

import pytest

from bot.agents.understanding.entities.board_wishes import BoardWish, board_wish_in
from cards.records import Picker
from tests.bot.agents.answers.test_agent import Room

BOARDS = ("the board", "that live board", "this dashboard", "the status board here")
ENDING = (
    "take down {}",
    "remove {}",
    "stop {}",
    "please delete {}",
    "turn {} off",
    "get rid of {}",
)
BEGINNING = (
    "keep {}",
    "put up {}",
    "pin {} here",
    "start {}",
    "I want {} in this channel",
    "post {}",
)
REASONS = ("", " so people stop asking", ", then we don't have to ask", " without asking each time")
REFUSALS = ("don't put up {}", "we do not want {}", "never show {}", "I don't need {}")


@pytest.mark.parametrize(("words", "board"), [*product(ENDING, BOARDS)])
def test_what_ends_it_is_said_of_the_board(words: str, board: str) -> None:
    assert board_wish_in(words.format(board)) is BoardWish.STOP


@pytest.mark.parametrize(("words", "reason"), [*product(BEGINNING, REASONS)])
def test_why_it_is_wanted_ends_nothing(words: str, reason: str) -> None:
    assert board_wish_in(words.format("a live board") + reason) is BoardWish.SHOW


@pytest.mark.parametrize("words", REFUSALS)
def test_a_refusal_puts_nothing_up(words: str) -> None:
    assert board_wish_in(words.format("a live board")) is not BoardWish.SHOW


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("keep a live board here", "ops_board"),
        ("put up a live status board in this channel", "ops_board"),
        ("show the board", "ops_board"),
        ("take down the board", "ops_stop_board"),
    ],
)
async def test_it_is_put_up_and_taken_down_by_words(text: str, tool: str) -> None:
    room = Room(["Stock"])
    await room.ask(text)
    assert room.called == [tool]


async def test_a_refusal_is_asked_back_and_each_choice_does_what_it_says() -> None:
    room = Room(["Stock"])
    answer = await room.ask("we don't want a live board in this channel")
    assert not {*room.called} & {"ops_board", "ops_stop_board"}
    (picker,) = answer.records
    assert isinstance(picker, Picker)
    for choice in picker.choices:
        await room.ask(choice.question)
    assert room.called[:2] == ["ops_board", "ops_stop_board"]


async def test_a_board_of_one_pipeline_is_one_of_the_factory_and_that_is_said() -> None:
    room = Room(["Stock"])
    answer = await room.ask("keep a live board of Stock here")
    assert room.called == ["ops_board"]
    assert "whole factory" in (answer.note or "")
