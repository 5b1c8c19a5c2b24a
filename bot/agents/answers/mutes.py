"""Muting by words: what, until when, why; and what is muted."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

from adf.records.glossary import counted
from adf.records.moments import moment_said
from bot.agents.answers.clarify import no_such_name, to_confirm
from bot.agents.answers.context import AnswerContext, answered, asked_back, said
from bot.agents.answers.incident_reference import is_certain
from bot.agents.interface import Answer
from bot.agents.understanding.entities.ids import incident_numbers_in
from bot.agents.understanding.entities.mute_end import MuteEnd, mute_end_in
from cards.records import Choice, Denied, IncidentList, Mute, MuteList, Picker, SubscriptionList
from cards.text import duration

_ALL = re.compile(r"(?i)\b(?:every ?thing|all|any ?thing|alles?|todos?|tout|tutto)\b")
EVERYTHING = "everything"
# Minutes that a mute without an end lasts, as its tool has it.
UNSAID = 60
_WHY = re.compile(r"(?i)\b(?:because|since we|due to|while|reason|wegen|weil|porque)\b.*$")
LENGTHS = (("1 hour", "1 hour"), ("4 hours", "4 hours"), ("until 8:00", "until 8:00"))


async def mute(turn: AnswerContext) -> Answer:
    """Hold back alerts for a while."""
    words, question = turn.frame.text, turn.question
    end = mute_end_in(words, turn.frame.slots.time, question.now, question.zone)
    target = await _target(turn, _suffix(end, question.zone))
    if not isinstance(target, str):
        return target
    if end.is_unread:
        return asked_back(turn, _how_long(target))
    if not is_certain(turn, but=(turn.frame.unanswered,) if end.minutes else ()):
        return _to_confirm(turn, target, end)
    given: dict[str, object] = {"minutes": end.minutes} if end.minutes else {}
    why = _WHY.search(turn.frame.text)
    if why:
        given["reason"] = why.group()
    if turn.factory and not target.startswith("INC-"):
        given["factory"] = turn.factory
    return answered(turn, await turn.tools.call("ops_mute", target=target, **given))


async def unmute(turn: AnswerContext) -> Answer:
    """End a mute."""
    named = _named(turn)
    listed = await turn.tools.call("ops_list_subscriptions")
    if isinstance(listed, Denied):
        return asked_back(turn, listed)
    active = cast("SubscriptionList", listed).mutes
    target = named[0] if len(named) == 1 else _only(turn, active) if not named else None
    if target is None:
        return _which(turn, named, active)
    if not is_certain(turn):
        title = f"Unmute {target}?"
        return to_confirm(turn, title, f"unmute {target}", instead="what is muted")
    done = answered(turn, await turn.tools.call("ops_unmute", target=target))
    return replace(done, memory={**done.memory, **_about(target)})


async def subscriptions(turn: AnswerContext) -> Answer:
    """What is told here; asked for what is muted, that alone."""
    listed = await turn.tools.call("ops_list_subscriptions")
    if isinstance(listed, SubscriptionList) and turn.frame.of_mutes:
        places = tuple(dict.fromkeys(one.factory for one in listed.mutes))
        return answered(turn, MuteList(places=places, mutes=listed.mutes))
    return answered(turn, listed)


async def _target(turn: AnswerContext, suffix: str) -> str | Answer:
    """A pipeline, an incident or everything; asked back where it is not clear."""
    named = _named(turn)
    if len(named) == 1:
        return named[0]
    if named:
        return asked_back(turn, _picker(named, suffix))
    if turn.frame.slots.unknown:
        return asked_back(turn, no_such_name(turn, turn.frame.slots.unknown[0]))
    if _ALL.search(turn.frame.masked):
        return EVERYTHING
    return await _spoken_of(turn, suffix)


def _named(turn: AnswerContext) -> Sequence[str]:
    """What the words name."""
    slots = turn.frame.slots
    if slots.incident:
        return (slots.incident,)
    return slots.pipelines


async def _spoken_of(turn: AnswerContext, suffix: str) -> str | Answer:
    """The incident or pipeline that was talked about, or whose thread this is."""
    listed = await turn.tools.call("ops_list_incidents")
    if isinstance(listed, Denied):
        return asked_back(turn, listed)
    found = cast("IncidentList", listed)
    numbers = set(incident_numbers_in(turn.frame.text))
    numbered = [
        one.incident_id for one in found.entries if one.incident_id.removeprefix("INC-") in numbers
    ]
    memory = turn.question.memory
    about = memory.get("incident") or memory.get("pipeline")
    spoken = numbered or list(dict.fromkeys([one for one in (found.thread, about) if one]))
    if len(spoken) == 1:
        return str(spoken[0])
    choices = spoken or [one.incident_id for one in found.entries]
    if not choices:
        return said(turn, "Say what to mute: “mute <pipeline> till 8”.", sure=False)
    return asked_back(turn, _picker([str(one) for one in choices], suffix))


def _only(turn: AnswerContext, active: Sequence[Mute]) -> str | None:
    """The mute that is meant where none is named: the one talked about, or the only one."""
    memory = turn.question.memory
    spoken = {memory.get("incident"), memory.get("pipeline")}
    targets = [_bare(one) for one in active]
    about = [one for one in targets if one in spoken]
    if _ALL.search(turn.frame.masked):
        return EVERYTHING
    fitting = about or targets
    return fitting[0] if len(fitting) == 1 else None


def _about(target: str) -> dict[str, object]:
    """What is talked about from then on: what was muted no longer, and nothing that still is."""
    if target == EVERYTHING:
        return {}
    what = "incident" if target.startswith("INC-") else "pipeline"
    return {"run_id": None, "cause_run_id": None, "pipeline": None, what: target}


def _which(turn: AnswerContext, named: Sequence[str], active: Sequence[Mute]) -> Answer:
    targets = list(named) or [_bare(one) for one in active]
    if not targets:
        return said(turn, "Nothing is muted.")
    choices = tuple(Choice(title=one, question=f"unmute {one}") for one in targets[:6])
    return asked_back(turn, Picker(question="Which one should I unmute?", choices=choices))


def _bare(mute: Mute) -> str:
    return mute.target.split(" (")[0]


def _picker(names: Sequence[str], suffix: str) -> Picker:
    choices = tuple(Choice(title=one, question=f"mute {one}{suffix}") for one in names[:6])
    return Picker(question="Which one should I mute?", choices=choices)


def _how_long(target: str) -> Picker:
    """An end was wished that cannot be read: which one instead."""
    choices = tuple(
        Choice(title=title, question=f"mute {target} {_for(words)}") for title, words in LENGTHS
    )
    return Picker(question=f"Until when should {target} be muted?", choices=choices)


def _for(words: str) -> str:
    return words if words.startswith("until") else f"for {words}"


def _to_confirm(turn: AnswerContext, target: str, end: MuteEnd) -> Answer:
    """Ask whether that was meant, with the end that would be taken."""
    zone = turn.question.zone
    if end.at is not None:
        till = f"until {moment_said(end.at, zone, turn.question.now)}"
    else:
        till = f"for {duration(timedelta(minutes=end.minutes or UNSAID))}"
    instead = "what is muted" if target == EVERYTHING else f"status of {target}"
    words = f"mute {target}{_suffix(end, zone)}"
    return to_confirm(turn, f"Mute {target} {till}?", words, instead=instead)


def _suffix(end: MuteEnd, zone: ZoneInfo) -> str:
    """The end in words that are read back the same, also when they are pressed later."""
    if end.at is not None:
        return f" until {end.at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f" for {counted(end.minutes, 'minute')}" if end.minutes else ""
