"""Names that stand in a text as they are, or with blanks between their words."""

from collections.abc import Mapping, Sequence

from bot.agent.offline.found import Found, How, Wording
from bot.agent.offline.index import NameIndex, compact
from bot.agent.offline.tokens import is_pause

LONGEST_NAME = 20


def spelled_out(
    tokens: Sequence[str], part: range, index: NameIndex, wording: Wording
) -> Found | None:
    """The longest name that stands in the text as it is, or with blanks between its words.

    A name that is one everyday word ("Extract") is in doubt where anything is said beside it.
    """
    there: dict[str, range] = {}
    everyday: dict[str, range] = {}
    for gram, places in grams_of(tokens, part, LONGEST_NAME).items():
        alone = len(places) < len(part) and len(places) == 1 and wording.is_everyday(gram)
        for name in index.whole.get(gram, ()) if _is_long(gram, wording) else ():
            (everyday if alone else there)[name] = places
    if there:
        return _longest(there)
    doubtful = _longest(everyday) if everyday else None
    return (
        Found(names=doubtful.names, places=doubtful.places, how=How.PART, doubt=True)
        if (doubtful)
        else None
    )


def _is_long(gram: str, wording: Wording) -> bool:
    """Whether it can be a name: two signs only where they are no word of a question ("GL")."""
    return len(gram) > 2 or (len(gram) == 2 and not wording.is_everyday(gram))


def _longest(there: Mapping[str, range]) -> Found:
    longest = max(list(there), key=lambda name: len(compact(name)))
    apart = [
        name
        for name in there
        if compact(name) == compact(longest) or not set(there[name]) & set(there[longest])
    ]
    chosen = tuple(dict.fromkeys([longest, *_outermost(apart, there)]))
    places = frozenset(place for name in chosen for place in there[name])
    return Found(names=chosen, how=How.EXACT, places=places)


def _outermost(names: Sequence[str], there: Mapping[str, range]) -> list[str]:
    """Names that do not stand inside a longer one."""
    return [
        name for name in names if not any(set(there[name]) < set(there[other]) for other in names)
    ]


def grams_of(tokens: Sequence[str], part: range, longest: int) -> dict[str, range]:
    """Joined runs of words and where they stand in the text."""
    found: dict[str, range] = {}
    for start in part:
        for end in range(start + 1, min(start + longest, part.stop) + 1):
            if is_pause(tokens[end - 1]):
                break
            found.setdefault("".join(tokens[start:end]), range(start, end))
    return found
