"""What a question is about: the pipeline and the factory, from its words and the talk so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from adf.records import Pipeline
from bot.agents.interface import Memory, Question
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import Interpretation
from bot.agents.understanding.lexicon import Phrase

_PLACES = {"first": 0, "1st": 0, "erste": 0, "second": 1, "2nd": 1, "zweite": 1, "third": 2}
_ASKED_AGAIN_OF_ANOTHER = frozenset(
    {Intent.STATUS, Intent.WHY, Intent.DETAILS, Intent.TREND, Intent.HISTORY, Intent.RUNS}
)
_ASKED_AGAIN_AT_ANOTHER_TIME = frozenset(
    {Intent.FAILURES, Intent.RUNS, Intent.TREND, Intent.OVERVIEW}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One pipeline in one factory, or `unclear` names or factories it could be."""

    pipeline: str | None = None
    factory: str | None = None
    unclear: tuple[str, ...] = ()


def intent_meant(meant: Interpretation, memory: Memory) -> Intent:
    """The intent of the words; of the question before, when they only ask it again."""
    before = memory.get("intent")
    fits = _ASKED_AGAIN_OF_ANOTHER if not meant.asked.given else _ASKED_AGAIN_AT_ANOTHER_TIME
    if meant.brief and memory.get("pipeline") and meant.intent is not Intent.TREND:
        return Intent.STATUS
    if meant.again and before in {str(one) for one in fits}:
        return Intent(str(before))
    return meant.intent


def subject_of(meant: Interpretation, question: Question, pipelines: Sequence[Pipeline]) -> Subject:
    """Find out what is asked about; never a default pipeline."""
    names, memory = meant.found.names, question.memory
    if meant.where.alias and names:
        there = {one.name for one in pipelines if one.factory == meant.where.alias}
        names = tuple(name for name in names if name in there) or names
    if not names and (meant.refers_back or (meant.brief and memory.get("pipeline"))):
        names = _talked_about(question, memory, meant)
    if len(names) != 1:
        return Subject(factory=_factory_alone(meant, question), unclear=names)
    return _placed(names[0], meant, question, pipelines)


def _talked_about(question: Question, memory: Memory, meant: Interpretation) -> tuple[str, ...]:
    """What "it", "the other one" or "the second one" is in the talk so far."""
    listed = tuple(cast("list[str]", memory.get("listed") or ()))
    known, before = memory.get("pipeline"), memory.get("before")
    words = question.text.lower().split()
    place = next((_PLACES[word] for word in words if word in _PLACES), None)
    if place is not None and place < len(listed):
        return (listed[place],)
    if Phrase.OTHER in meant.phrases:
        others = tuple(one for one in listed if one != known)
        return others or ((str(before),) if before else ())
    return (str(known),) if known else listed


def _placed(
    name: str, meant: Interpretation, question: Question, pipelines: Sequence[Pipeline]
) -> Subject:
    """A pipeline in the factory that was said, or the room's, or the only one that holds it."""
    holders = tuple(dict.fromkeys(one.factory for one in pipelines if one.name == name))
    talked = question.memory.get("factory") if meant.refers_back else None
    mine = talked if talked in holders else question.factory
    chosen = meant.where.alias or mine
    if meant.intent is Intent.COMPARE and not meant.where.others:
        chosen = mine
    if chosen and (chosen in holders or meant.where.alias):
        return Subject(pipeline=name, factory=chosen)
    if len(holders) > 1:
        return Subject(pipeline=name, unclear=holders)
    several = len({one.factory for one in pipelines}) > 1
    return Subject(pipeline=name, factory=holders[0] if several and holders else None)


def _factory_alone(meant: Interpretation, question: Question) -> str | None:
    """The factory of a question about all of it."""
    return meant.where.alias or question.factory or None
