"""Runtimes, triggers and pipelines that are named by a part of their name: "the casino box"."""

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from adf.client import OtherNames
from adf.errors import AdfError
from bot.agents.answers.reading import read_text
from bot.agents.interface import Question
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames
from bot.agents.understanding.text import tokens_of
from bot.agents.understanding.things import is_called_a_runtime, is_restart
from bot.agents.understanding.vocabulary import is_common

Fits = Callable[[str, Sequence[str]], str | None]
"""Which of some names a word is, if it is one of them alone."""
OtherNamesFor = Callable[[Question], Awaitable[OtherNames]]
"""The runtimes and triggers of the factories that may be asked about in a question."""
# Asked of a runtime or a trigger, they ask how it stands.
_OF_STATE = frozenset({Intent.STATUS_ONE, Intent.LAST_TIME, Intent.OVERVIEW, Intent.AGAIN})
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SHORTEST = 2
SHORTEST_ALONE = 4
# Of a place at least so many letters stand in a name: "syd" for Sydney.
SHORTEST_BEGINNING = 3


async def readable(others: OtherNamesFor, question: Question) -> OtherNames:
    """The other names that can be read now: without them a question is read as it stands."""
    try:
        return await others(question)
    except AdfError:
        return OtherNames()


def may_name_a_thing(frame: Frame) -> bool:
    """Whether a word of a question may be part of the name of a runtime or trigger."""
    slots = frame.slots
    if slots.pipelines:
        return not slots.exact and bool(_words_for_a_runtime(frame))
    return bool(slots.unknown or _words_for_a_runtime(frame))


def named_in_full(frame: Frame, question: Question, names: KnownNames, others: OtherNames) -> Frame:
    """A question whose strange word is part of the name of one runtime or trigger, with that name.

    How a runtime stands, or when it was there last, is its own state; the same of a trigger. Who
    asks about runtimes may name one by any word: "porto" is a slip of "port" everywhere else.
    """
    if frame.slots.pipelines:
        return _of_a_runtime(frame, question, names, others.runtimes)
    of_runtimes = _words_for_a_runtime(frame)
    strange = frame.slots.unknown or of_runtimes
    for kind, existing in (
        (Intent.RUNTIME_STATUS, others.runtimes),
        (Intent.TRIGGER_LIST, others.triggers),
    ):
        found = _in_full(question.text, strange, existing)
        if found is None and kind is Intent.RUNTIME_STATUS:
            found = _in_full(question.text, of_runtimes, existing, _begun_by)
        if found is None:
            continue
        text, name = found
        read = read_text(question, text, names)
        if read.intent in _OF_STATE:
            read = replace(read, intent=kind, sure=True)
        if kind is Intent.RUNTIME_STATUS and is_restart(read):
            read = replace(read, intent=Intent.WHAT_IF, sure=True)
        return replace(read, slots=replace(read.slots, unknown=(name,)))
    return frame


def of_a_part(frame: Frame, question: Question, names: KnownNames) -> Frame:
    """A question with a strange short word that is a part of one pipeline's name: "the qc one"."""
    found = _in_full(question.text, frame.slots.ignored, names.pipelines)
    return frame if found is None else read_text(question, found[0], names)


def _of_a_runtime(
    frame: Frame, question: Question, names: KnownNames, runtimes: Sequence[str]
) -> Frame:
    """How a runtime stands whose name shares a word with pipelines: "the casino box"."""
    words = _words_for_a_runtime(frame)
    found = _in_full(question.text, words, runtimes)
    found = found or _in_full(question.text, words, runtimes, _begun_by)
    if found is None:
        return frame
    text, name = found
    read = read_text(question, text, replace(names, pipelines=()))
    if read.intent not in _OF_STATE | {Intent.RUNTIME_STATUS}:
        return frame
    slots = replace(read.slots, unknown=(name,))
    return replace(read, intent=Intent.RUNTIME_STATUS, sure=True, slots=slots)


def _words_for_a_runtime(frame: Frame) -> Sequence[str]:
    """Words that could tell a runtime: all of a question about them, or those beside "box"."""
    words = [token.word for token in tokens_of(frame.text) if token.is_word]
    near = words if frame.intent is Intent.RUNTIME_STATUS else [*_beside_a_runtime(words)]
    telling = [one for one in near if not is_common(one)]
    # "The shir" is one where a single name has that: what stands beside it tells more.
    called = [one for one in words if is_called_a_runtime(one)]
    return [one for one in (*telling, *called) if len(one) >= SHORTEST_ALONE]


def _beside_a_runtime(words: Sequence[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        if is_called_a_runtime(word):
            yield from (*words[max(0, place - 1) : place], *words[place + 1 : place + 2])


def _in_full(
    text: str, strange: Sequence[str], names: Sequence[str], fits: Fits | None = None
) -> tuple[str, str] | None:
    """The text with the whole name in the place of its part, and the name; None without one.

    "The lims box" is shir-lims-02 only where nothing else explains the word and one name has it.
    """
    for word in strange:
        name = (fits or _only_name)(word, names)
        if name is not None:
            return re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", name, text), name
    return None


def _only_name(word: str, names: Sequence[str]) -> str | None:
    """The one name that is so called or has the parts of the word among its own, side by side."""
    said = word.lower()
    whole = [name for name in names if name.lower() == said]
    if whole:
        return whole[0]
    if len(said) < SHORTEST:
        return None
    having = [name for name in names if _stands_in(_parts(word), _parts(name))]
    return having[0] if len(having) == 1 else None


def _begun_by(word: str, names: Sequence[str]) -> str | None:
    """The one runtime with a part that the word begins with, or is the beginning of: Sydney, syd.

    Only beside what says that it is a runtime: any name begins with some part of a trigger's.
    """
    having = [name for name in names if _is_begun_by(word.lower(), _parts(name))]
    return having[0] if len(having) == 1 else None


def _stands_in(said: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether some parts of a name stand side by side in it: "yyz-02" of "shir-yyz-02"."""
    starts = range(len(parts) - len(said) + 1)
    return bool(said) and any(parts[one : one + len(said)] == said for one in starts)


def _is_begun_by(said: str, parts: Sequence[str]) -> bool:
    """Whether a long word begins with a part of a name, or is the beginning of one."""
    if len(said) < SHORTEST_ALONE:
        return False
    long = [part for part in parts if len(part) >= SHORTEST_BEGINNING and part.isalpha()]
    return any(said.startswith(part) or part.startswith(said) for part in long)


def _parts(name: str) -> list[str]:
    return [part.lower() for part in _PART.findall(name)]
