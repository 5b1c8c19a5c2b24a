"""What of a model's text is speech: no thoughts, no calls written as text, no marks of ours.

Servers that do not parse a model's own form leave its calls in the text: as JSON, in a fence, or in
tags. Those are made as calls; whatever else is no speech is nothing.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.agents.model.types import RequestedCall

MOST_CALLS = 8
_THOUGHTS = re.compile(
    r"<(think(?:ing)?|thoughts?|reasoning|analysis|scratchpad)\b[^>]*>.*?(?:</\1>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# The opening tag may stand in the template, where nobody sees it.
_THOUGHTS_BEFORE = re.compile(
    r"\A.*</(?:think(?:ing)?|thoughts?|reasoning)>", re.DOTALL | re.IGNORECASE
)
_FENCE = re.compile(r"```[\w-]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_CALL_TAGS = re.compile(
    r"<(tool_calls?|tools?|function_calls?|functions?|invoke)\b[^>]*>(.*?)(?:</\1>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_MARKS = re.compile(
    r"</?data-[\w-]*>?|<\|[^|>\n]{0,40}\|>|</?(?:tool|function|think|assistant|system|user)\w*>"
    r"|\[/?INST\]",
    re.IGNORECASE,
)
_OPENINGS = ("{", "[{", "```")
_ANYWHERE = re.compile(
    r"<(?:think|thought|reasoning|analysis|tool|function|invoke|\|)|```", re.IGNORECASE
)
_WRITTEN = re.compile(r"(?:functions?\.)?(\w+)\((.*)\)\s*;?\s*", re.DOTALL)
_PAIR = re.compile(r"(?<!\w)(\w+)\s*[=:]\s*(\"(?:[^\"\\]|\\.)*\"|'[^']*'|\[[^\]]*\]|[\w.+-]+)")
_NAME_KEYS, _ARGUMENT_KEYS = ("name", "tool", "function"), ("arguments", "parameters", "args")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The speech of a text, and the calls that stood in it."""

    words: str
    calls: tuple[RequestedCall, ...] = ()


def read_spoken(text: str, names: Collection[str] = ()) -> Spoken:
    """The text as speech and calls; `names` are the tools that may be called."""
    bare = _THOUGHTS_BEFORE.sub("", _THOUGHTS.sub("", text))
    found: list[RequestedCall] = []

    def take(inside: str) -> str:
        found.extend(_calls_in(inside, names))
        return " "

    bare = _CALL_TAGS.sub(lambda one: take(one[2]), bare)
    bare = _FENCE.sub(lambda one: take(one[1]), bare)
    bare = _without_json(_MARKS.sub("", bare), take)
    written = _WRITTEN.fullmatch(bare.strip())
    if written and written[1] in names:
        bare = take(bare.strip())
    return Spoken(words=bare, calls=tuple(found[:MOST_CALLS]))


def may_be_no_speech(text: str) -> bool:
    """Whether a text that still grows has begun something that may turn out to be no speech."""
    return text.lstrip().startswith(_OPENINGS) or _ANYWHERE.search(text) is not None


def _without_json(text: str, take: Any) -> str:  # noqa: ANN401 - a callable of text
    """The text without the JSON that a line begins with: nobody talks like that."""
    lines = text.split("\n")
    for place, one in enumerate(lines):
        if one.lstrip().startswith(("{", "[{")):
            rest = "\n".join(lines[place:])
            return "\n".join([*lines[:place], _after_json(rest, take)])
    return text


def _after_json(text: str, take: Any) -> str:  # noqa: ANN401 - a callable of text
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        while at < len(text) and text[at] in " \n\r\t,;}]":
            at += 1
        if at >= len(text) or text[at] not in "{[":
            break
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            take(text[at:])
            return ""
        take(text[at:end])
        at = end
    return text[at:]


def _calls_in(text: str, names: Collection[str]) -> Iterator[RequestedCall]:
    written = _WRITTEN.fullmatch(text.strip())
    if written and written[1] in names:
        given = {name: _value(value) for name, value in _PAIR.findall(written[2])}
        yield _call(written[1], json.dumps(given))
        return
    decoder, at = json.JSONDecoder(), 0
    while (at := _next(text, at)) < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield from _broken_call(text[at:])
            return
        yield from _calls_of(value)


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "{[":
        at += 1
    return at


def _calls_of(value: object) -> Iterator[RequestedCall]:
    """The calls of a JSON value, in any of the forms that models are taught."""
    if isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _calls_of(one)
    elif isinstance(value, dict):
        read = cast("Mapping[str, Any]", value)
        inside = read.get("tool_calls") or read.get("function")
        if isinstance(inside, dict | list):
            yield from _calls_of(cast("object", inside))
            return
        name = next((read[key] for key in _NAME_KEYS if isinstance(read.get(key), str)), None)
        given = next((read[key] for key in _ARGUMENT_KEYS if key in read), None)
        if name and isinstance(given, str | dict):
            yield _call(name, given if isinstance(given, str) else json.dumps(given))


def _broken_call(text: str) -> Iterator[RequestedCall]:
    """A call whose JSON breaks off: its arguments are passed on as they are."""
    name = re.search(r'"(?:name|tool)"\s*:\s*"([^"]+)"', text)
    given = re.search(r'"(?:arguments|parameters|args)"\s*:\s*(.*)', text, re.DOTALL)
    if name and given:
        yield _call(name[1], given[1].strip())


def _call(name: str, arguments: str) -> RequestedCall:
    return RequestedCall(call_id="", name=name.removeprefix("functions."), arguments=arguments)


def _value(written: str) -> object:
    """A value of a call in the form of Python, as JSON has it."""
    bare = written.strip()
    try:
        return json.loads(bare.replace("'", '"') if bare[:1] in "'[" else bare.lower())
    except ValueError:
        return bare.strip("\"'")
