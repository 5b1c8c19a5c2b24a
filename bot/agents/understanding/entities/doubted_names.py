"""What looks like the name of a pipeline and may be none: a person, an everyday word."""

from collections.abc import Iterator, Sequence

from bot.agents.understanding.entities.people import is_person
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch
from bot.agents.understanding.text import is_pause
from bot.agents.understanding.vocabulary import is_common, is_usual

_QUANTIFIERS = frozenset(
    {
        *("a", "an", "any", "every", "each", "all", "some", "whichever"),
        *("alle", "jede", "jeder", "jedes", "eine", "cada", "toda", "todas", "una", "alguna"),
        *("toutes", "chaque", "une", "tutte", "ogni", "uma", "elke", "een"),
    }
)
_NOUNS = frozenset(
    {
        *(
            "pipeline",
            "pipelines",
            "flow",
            "flows",
            "job",
            "jobs",
            "load",
            "loads",
            "feed",
            "feeds",
        ),
        *("process", "processes", "workflow", "workflows", "dataflow", "dataflows"),
    }
)
MOST_BETWEEN = 3
# "Which depots" after a failure are items of a loop.
MOST_OF_A_LIST = 3
_WHICH = frozenset({"which", "what", "welche", "cuales", "cuáles", "quels", "quelles", "quali"})


def is_only_people(found: NameMatch, words: Sequence[str], people: Sequence[str]) -> bool:
    """Whether all that was read as a name is people of ours: "maya can do it"."""
    said = [words[place] for place in found.places]
    is_guess = found.how is not MatchKind.EXACT and bool(said)
    return is_guess and all(is_person(word, people) for word in said)


def is_of_any(found: NameMatch, words: Sequence[str]) -> bool:
    """Whether a usual word is no name as any pipeline is meant: "post here when any job dies"."""
    if found.how is MatchKind.EXACT or len(found.places) != 1:
        return False
    (place,) = found.places
    return is_usual(words[place]) and _is_beside_a_generic_object(words, place)


def is_of_a_list(words: Sequence[str], found: NameMatch) -> bool:
    """Whether only things are asked for that stand in a list, not a pipeline: "which depots"."""
    said = [word for word in words if not is_pause(word)]
    if found.how is MatchKind.EXACT or len(found.places) != 1 or len(said) > MOST_OF_A_LIST:
        return False
    (place,) = found.places
    is_several = words[place].endswith(("s", "n", "i", "e"))
    return place > 0 and words[place - 1] in _WHICH and is_several


def is_an_everyday_word(found: NameMatch, words: Sequence[str]) -> bool:
    """Whether one word that many questions use is all that was said of a name."""
    said = [words[place] for place in found.places]
    return found.how is not MatchKind.EXACT and len(said) == 1 and is_common(said[0])


def _is_beside_a_generic_object(tokens: Sequence[str], place: int) -> bool:
    """Whether a text speaks of pipelines in general, with the word at a place outside of that."""
    return any(place not in one for one in _objects(tokens))


def _objects(tokens: Sequence[str]) -> Iterator[range]:
    """Where such words stand, from the quantifier to the noun."""
    for begin, word in enumerate(tokens):
        if word not in _QUANTIFIERS:
            continue
        for end in range(begin + 1, min(begin + MOST_BETWEEN + 2, len(tokens))):
            if is_pause(tokens[end]):
                break
            if tokens[end] in _NOUNS:
                yield range(begin, end + 1)
                break
