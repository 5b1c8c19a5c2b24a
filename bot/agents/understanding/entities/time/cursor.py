"""Walking over tokens: what stands at a place, and the small words that may be passed over."""

from collections.abc import Sequence

from bot.agents.understanding.entities.time.tokens import TimeToken

_END = TimeToken(start=0, end=0, word="")
_MOST_JOINTS = 3
Tokens = Sequence[TimeToken]


def look(tokens: Tokens, at: int) -> TimeToken:
    """The token at a place; an empty one outside of the text."""
    return tokens[at] if 0 <= at < len(tokens) else _END


def past_joints(tokens: Tokens, at: int) -> int:
    """The place after small words like "on the" and a comma."""
    for place in range(at, at + _MOST_JOINTS):
        if not _is_joint(look(tokens, place)):
            return place
    return at + _MOST_JOINTS


def _is_joint(one: TimeToken) -> bool:
    return (
        bool({"joint", "at", "around"} & one.tags.keys())
        or one.word in {",", "("}
        or (one.tags.get("filler") == "lead")
    )


def is_at(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a word like "at" stands there, after which a bare number is a clock time."""
    return any("at" in look(tokens, i) or "around" in look(tokens, i) for i in range(start, end))


def count_at(tokens: Tokens, at: int) -> tuple[float, int] | None:
    """A number in digits or words, and the place after it."""
    one = look(tokens, at)
    if one.number is not None:
        return one.number, at + 1
    for tag in ("fraction", "number"):
        if tag in one:
            return float(one.tags[tag]), at + 1
    return None


def ends_here(tokens: Tokens, at: int) -> bool:
    """Whether the text, or a part of it, ends before a place."""
    one = look(tokens, at)
    return (one.word == "" and at >= len(tokens)) or one.word in {"?", ".", "!", ",", ";", ")", ":"}
