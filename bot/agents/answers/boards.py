"""Answers about the live board: put up, posted again, taken down, or asked back."""

from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.entities.board_wishes import BoardWish, board_wish_in
from cards.records import Choice, Picker

_QUESTION = "Shall I keep a live board here, one message that stays current?"
_OFFERED = (
    Choice(title="Keep a live board", question="show the board"),
    Choice(title="Take it down", question="take down the board"),
    Choice(title="Once, now", question="how does everything stand"),
)
_PART = "The board shows the whole factory, what is critical marked as such."


async def board(turn: AnswerContext) -> Answer:
    """Do what is sure; anything else is asked back and changes nothing."""
    wish = board_wish_in(turn.frame.text)
    if not turn.frame.sure or wish is BoardWish.UNSURE:
        return asked_back(turn, Picker(question=_QUESTION, choices=_OFFERED))
    if wish is BoardWish.STOP:
        return answered(turn, await turn.tools.call("ops_stop_board"))
    alias = turn.frame.slots.factory.alias
    done = await turn.tools.call("ops_board", **({"factory": alias} if alias else {}))
    is_part = bool(turn.frame.slots.pipelines) or turn.frame.slots.critical
    return answered(turn, done, note=_PART if is_part else None)
