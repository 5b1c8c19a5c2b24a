"""Wishes to be told by itself: set, ended, or not taken up, and then why and what instead."""

import re
from collections.abc import Mapping, Sequence

from bot.agents.answers.clarify import to_confirm, which_target
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.entities.reservations import Reservation
from bot.agents.understanding.entities.subscriptions import (
    EVERYTHING,
    SubscriptionRequest,
    WishText,
    wish_in,
)
from bot.agents.understanding.entities.wish_forms import looks_like_a_wish, runtime_in
from bot.agents.understanding.exact import WISHES, question_for
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.text import points_back
from bot.agents.understanding.wish_words import as_offer, called, wish_words
from bot.messages import Scope
from cards.records import Choice, Denied, Picker

_TEAMS = "I only post in Teams: here, or in a direct message to you."
LONGEST_WISH = 400
_INSTEAD: Mapping[Reservation, str] = {
    Reservation.EMAIL: f"I can't send e-mail. {_TEAMS}",
    Reservation.TEXT_MESSAGE: f"I can't send text messages. {_TEAMS}",
    Reservation.CALL: f"I can't call a phone. {_TEAMS}",
    Reservation.OTHER_CHAT: f"I can't write to other systems. {_TEAMS}",
    Reservation.OTHER_PERSON: (
        "I can't set up alerts for somebody else: they can ask me themselves. I can alert you or"
        " this channel."
    ),
    Reservation.DAYS: (
        "I can't skip days of the week yet, only hours, as in “not between 22:00 and 06:00”."
        " Should I alert you every day?"
    ),
    Reservation.TIMES: (
        "I can't count failures before I alert you, but I can wait and see whether it recovers by"
        " itself. Should I do that?"
    ),
    Reservation.SET_TIME: (
        "I can't post at a set time, only when something happens. What should I watch for?"
    ),
    Reservation.UNCLEAR: "I didn't understand what I should watch for. When should I alert you?",
    Reservation.QUESTION: "Do you want the status now, or an alert from now on?",
}


# Behind it stands what is meant; where that is no name we know, it is not everything.
_OF_SOMETHING = re.compile(
    r"(?i)\b(?:about|from|for|of|on|regarding)\s+(?:the\s+)?"
    r"(?!(?:it|this|that|these|those|them|here|now|me|us|today|tonight|good|ever|alerts?|messages?"
    r"|notifications?|pings?|room|channel|chat|group|team|you)\b)\w"
)
_FAILURES = re.compile(r"(?i)\b(?:all |any )?(?:failures|errors|problems|incidents)\b")
# What is told at set times, or for a time, is no subscription.
_OF_TIMES = frozenset({Intent.DIGEST, Intent.MUTE, Intent.UNMUTE, Intent.BOARD})


async def subscribe(turn: AnswerContext) -> Answer:
    """Alert somebody, or this room, from now on; what cannot be set is refused by name."""
    wish = _wish(turn)
    if wish.reservation is Reservation.DENIAL:
        return await unsubscribe(turn)
    if wish.reservation is not None:
        return asked_back(turn, _instead(turn, wish, wish.reservation))
    target = _runtime(turn, wish) or wish.target or _any_failure(turn)
    if target is None:
        return asked_back(turn, which_target(turn))
    if not turn.frame.sure:
        return _to_confirm(
            turn, [wish_words(target, one, _place(turn, wish)) for one in wish.events]
        )
    done = [
        await turn.tools.call("ops_subscribe", target=target, events=events, where=wish.where)
        for events in wish.events
    ]
    refused = next((one for one in done if isinstance(one, Denied | Picker)), None)
    return answered(turn, refused or done[-1])


def _any_failure(turn: AnswerContext) -> str | None:
    """Everything, where "failures" are wished for and nothing says whose."""
    slots = turn.frame.slots
    left = _FAILURES.sub(" ", turn.frame.masked)
    if left == turn.frame.masked or turn.unclear or slots.unknown or slots.ignored:
        return None
    return None if _OF_SOMETHING.search(left) else EVERYTHING


async def unsubscribe(turn: AnswerContext) -> Answer:
    """End alerts."""
    wish = _wish(turn)
    is_unsaid = bool(turn.unclear) or not turn.frame.sure or _OF_SOMETHING.search(turn.frame.masked)
    if wish.target is None and is_unsaid:
        return asked_back(turn, which_target(turn))
    target = wish.target or EVERYTHING
    if not turn.frame.sure:
        who = "me" if _place(turn, wish) == "me" else "us"
        return _to_confirm(turn, [f"stop telling {who} about {called(target)}"])
    done = await turn.tools.call("ops_unsubscribe", target=target, where=wish.where)
    return answered(turn, done)


def wished(turn: AnswerContext) -> str:
    """What would be told, in full words, if the text is a wish; blank where it says not of what."""
    wish = _wish(turn)
    known = wish.target is not None and wish.reservation in {None, Reservation.UNCLEAR}
    return wish_words(wish.target or "", wish.events[0], _place(turn, wish)) if known else ""


def _to_confirm(turn: AnswerContext, wishes: Sequence[str]) -> Answer:
    """What was likely wished, each wish a press away."""
    first, *more = wishes
    others = [Choice(title=as_offer(one).rstrip("?"), question=one) for one in more]
    instead = "list my subscriptions"
    return to_confirm(turn, as_offer(first), first, instead=instead, others=others)


def _place(turn: AnswerContext, wish: SubscriptionRequest) -> str:
    """Somebody's own chat is theirs, whatever the words say."""
    return "me" if turn.question.address.scope is Scope.PERSONAL else wish.where


def wish_or_question(turn: AnswerContext) -> Answer | None:
    """Ask back about what begins like a wish and was read as a question; None for all else."""
    text = turn.question.text
    if len(text) > LONGEST_WISH or not looks_like_a_wish(text) or turn.intent in _OF_TIMES:
        return None
    wish = _wish(turn)
    words = WISHES.get(wish.events[0])
    if words is None or wish.reservation is not None or wish.target is None:
        return None
    wording = words.format("me" if wish.where == "me" else "us", called(wish.target))
    now = question_for(turn.intent, turn.pipeline)
    choices = [Choice(title=wording[0].upper() + wording[1:], question=wording)]
    if now:
        choices.append(Choice(title=now[0].upper() + now[1:], question=now))
    return asked_back(turn, Picker(question=_INSTEAD[Reservation.QUESTION], choices=tuple(choices)))


def is_of_all(turn: AnswerContext) -> bool:
    """Whether everything is wished for in so many words, whatever was talked about before."""
    slots = turn.frame.slots
    if slots.pipelines or slots.unknown or points_back(turn.frame.masked):
        return False
    return wish_in(_wish_text(turn), ()).target == EVERYTHING


def _wish(turn: AnswerContext) -> SubscriptionRequest:
    return wish_in(_wish_text(turn), () if is_of_all(turn) else _pipelines(turn))


def _wish_text(turn: AnswerContext) -> WishText:
    slots = turn.frame.slots
    return WishText(
        text=turn.question.text,
        masked=turn.frame.masked,
        now=turn.question.now,
        zone=slots.time.zone or turn.question.zone,
        deadline=slots.time.deadline,
        is_past=slots.time.given and not slots.time.recurring,
    )


def _runtime(turn: AnswerContext, wish: SubscriptionRequest) -> str | None:
    """The name that was written for a runtime; all of them where none was."""
    if wish.events != ("runtime",) or turn.frame.slots.pipelines:
        return None
    return runtime_in(turn.question.text) or EVERYTHING


def _instead(turn: AnswerContext, wish: SubscriptionRequest, reservation: Reservation) -> Picker:
    """What can be done in the place of what was asked for, a press away."""
    choices = _offers(turn, wish, is_question=reservation is Reservation.QUESTION)
    return Picker(question=_INSTEAD[reservation], choices=tuple(choices))


def _offers(turn: AnswerContext, wish: SubscriptionRequest, *, is_question: bool) -> list[Choice]:
    """The wish for one's own chat and for the room, and the question that it may have been."""
    name = turn.pipeline
    target = name or wish.target
    if wish.reservation is Reservation.UNCLEAR and target is not None:
        who = "me" if wish.where == "me" else "us"
        events = ("failures", "finish", "problems")
        wishes = [WISHES[one].format(who, called(target)) for one in events]
        return [Choice(title=one[0].upper() + one[1:], question=one) for one in wishes]
    counts = wish.reservation is Reservation.TIMES
    event = "failures; wait 20 min" if counts else wish.events[0]
    words = WISHES.get(event) or WISHES["failures"]
    if target is None:
        return []
    now = [Choice(title=f"Status of {name}", question=f"status of {name}")]
    own, room = (words.format(who, called(target)) for who in ("me", "us"))
    return [
        *(now if is_question and name else []),
        Choice(title="Alert me directly", question=own),
        Choice(title="Alert this channel", question=room),
    ]


def _pipelines(turn: AnswerContext) -> Sequence[str]:
    return [turn.pipeline] if turn.pipeline else list(turn.unclear)
