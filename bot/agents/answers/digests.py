"""Answers about the summary on a schedule: set, moved, stopped, or asked back what is not clear."""

import re
from dataclasses import replace

from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.entities.digest_wishes import DigestWish, digest_wish_in
from bot.agents.understanding.entities.people import known_people_in
from bot.agents.understanding.entities.reservations import Reservation, reservation_in
from bot.agents.understanding.entities.subscriptions import where_in
from bot.agents.understanding.entities.time.habits import habit_in
from bot.agents.understanding.entities.time.tokens import time_tokens
from bot.agents.understanding.intents import Intent
from bot.state.summary_times import EVERY_DAY, days_key
from cards.records import Choice, Picker

_ELSEWHERE = {
    Reservation.EMAIL: "I can't send e-mail, only post in Teams. Shall I post the summary here?",
    Reservation.OTHER_CHAT: "I can only post in Teams. Shall I post the summary here?",
    Reservation.TEXT_MESSAGE: "I can't send text messages. Shall I post the summary here?",
}
_FOR_SOMEBODY = "I can't set it up for somebody else: they can ask me themselves. Shall I set it?"
_PASSED_ON = (
    "I can't pass an answer on: ask me in that channel, or share its link. Shall I post a summary "
    "on a schedule?"
)
_NOT_SURE = "I'm not sure what you want. Shall I post a summary on a schedule?"
# What is asked for now, and said to come again, is asked for on a schedule.
_SUMMED_UP = frozenset(
    {Intent.OVERVIEW, Intent.CRITICAL_OVERVIEW, Intent.HANDOVER, Intent.BUSINESS_SUMMARY}
)
# What was shown, and where it is to go: "send that to the channel".
_HANDED_ON = re.compile(
    r"(?i)\b(?:it|this|that|these|those|das|es|esto|ça)\s+"
    r"(?:(?:to|in|into|on|with|over|along|around|here|an|hier)\b|$)"
)
# What other times alone may be taken for, where nothing else is said.
_VAGUE = frozenset(
    {Intent.EDIT, Intent.AGAIN, Intent.OUT_OF_SCOPE, Intent.UNCLEAR, Intent.SUBSCRIBE}
)


def is_on_schedule(turn: AnswerContext) -> bool:
    """Whether an overview or a handover is to be sent again and again: "tell us each morning"."""
    if _goes_on(turn):
        return True
    if turn.intent not in _SUMMED_UP or not turn.frame.slots.time.recurring:
        return False
    return any("wish" in one for one in time_tokens(turn.question.text))


def _goes_on(turn: AnswerContext) -> bool:
    """Whether other times are said for a summary that was just talked about: "make it 7:30"."""
    if turn.question.memory.get("intent") != str(Intent.DIGEST) or turn.intent not in _VAGUE:
        return False
    habit = habit_in(turn.frame.text)
    is_said = bool(habit.days or habit.clocks or habit.is_unread)
    return is_said and not turn.frame.slots.names_something


async def digest(turn: AnswerContext) -> Answer:
    """Set, move or stop it; whatever is not sure is asked back and changes nothing."""
    wish = digest_wish_in(turn.frame.text)
    who = where_in(turn.frame.masked)
    question = _to_clear_up(turn, wish)
    if question:
        return asked_back(turn, _picker(wish, who, question))
    if wish.stops:
        return answered(turn, await turn.tools.call("ops_stop_digest", where=who))
    given: dict[str, object] = {"where": who}
    if wish.at is not None:
        given["at"] = f"{wish.at:%H:%M}"
    if wish.days and not (wish.moves and wish.days == EVERY_DAY):
        given["days"] = days_key(wish.days)
    if turn.frame.slots.time.zone is not None:
        given["zone"] = turn.frame.slots.time.zone.key
    if turn.frame.slots.factory.alias:
        given["factory"] = turn.frame.slots.factory.alias
    done = await turn.tools.call("ops_digest", **given)
    return _about_digests(answered(turn, done, note=_covers(turn)))


def _about_digests(answer: Answer) -> Answer:
    """The same, so that other times that are said next are those of the summary."""
    return replace(answer, memory={**answer.memory, "intent": str(Intent.DIGEST)})


def _to_clear_up(turn: AnswerContext, wish: DigestWish) -> str:
    """What has to be asked before anything is changed."""
    reserved = reservation_in(turn.frame.masked, turn.frame.text, is_past=False)
    if reserved is not None and reserved in _ELSEWHERE and not wish.stops:
        return _ELSEWHERE[reserved]
    own_name = turn.question.speaker.name.lower()
    others = [one for one in known_people_in(turn.frame.text, turn.people) if one not in own_name]
    if others and not wish.stops:
        return _FOR_SOMEBODY
    if _is_passed_on(turn, wish):
        return _PASSED_ON
    is_clear = turn.frame.sure or is_on_schedule(turn)
    return wish.question or ("" if is_clear else _NOT_SURE)


def _is_passed_on(turn: AnswerContext, wish: DigestWish) -> bool:
    """Whether what was just shown is to be sent somewhere: no time is said, and no summary."""
    is_timed = bool(wish.at or wish.days or turn.frame.slots.time.recurring) or _goes_on(turn)
    return not (is_timed or wish.stops) and _HANDED_ON.search(turn.frame.masked) is not None


def _covers(turn: AnswerContext) -> str | None:
    """That a summary is of the whole factory, where a part of it was asked for."""
    if turn.frame.slots.pipelines:
        return "The summary is of the whole factory, not of one pipeline."
    return None


def _picker(wish: DigestWish, who: str, question: str) -> Picker:
    """What can be set, a press away, in words that need no guessing."""
    us, stop = ("me", "stop my summary") if who == "me" else ("us", "stop the summary")
    at = f"{wish.at:%H:%M}" if wish.at else "08:00"
    offered = (
        (f"Every day at {at}", f"send {us} a summary every day at {at}"),
        (f"On weekdays at {at}", f"send {us} a summary on weekdays at {at}"),
        (f"On Mondays at {at}", f"send {us} a summary every monday at {at}"),
    )
    choices = [Choice(title=title, question=words) for title, words in offered]
    if wish.stops:
        choices.insert(0, Choice(title="Stop it", question=stop))
    return Picker(question=question, choices=tuple(choices))
