"""How people say the name of a pipeline, and which pipelines may be meant by what they said."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.paraphrases.noise import slip

_PARTS = re.compile(r"[A-Z]+\d+|[A-Z]?[a-zäöü]+\d*|[A-Z]+(?![a-z])|\d+\w*")
# Words of names that mean something else when they stand alone.
GENERIC = frozenset(
    re.findall(
        r"\w+",
        "alerts report close build score track trace scan check test status daily error backup"
        " last yesterday running failed rerun cancel start hourly archive import export meldung"
        " nacht tages storno gestern bericht archiv probe lauf rechner fehler sync hours versand"
        " brief eingang queue offene lade refresh clean raw curve prices inbox map"
        " beds meals pulse rounds",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A name as said, the pipelines it may mean, and whether it was said plainly and in full."""

    text: str
    pipelines: frozenset[str]
    plain: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether only one pipeline can be meant."""
        return len(self.pipelines) == 1


def parts(name: str) -> list[str]:
    """The words of a name: `P0120_SchadenImport` has p, 0120, schaden, import."""
    pieces = re.split(r"[_-]", name)
    if name.islower():
        return pieces
    return [one.lower() for piece in pieces for one in _PARTS.findall(piece)]


def bare(text: str) -> str:
    """A name without case and separators."""
    return re.sub(r"[^a-z0-9äöü]", "", text.lower())


def say_in_full(rng: random.Random, name: str, *, wordy: bool) -> Said:
    """The whole name, in some spelling of its separators and case."""
    forms: list[Callable[[str], str]] = [str, str, str.lower, str.upper]
    if not wordy:
        forms += [_spaced, _dashed, bare, _pascal]
    form = rng.choice(forms)
    return Said(text=form(name), pipelines=frozenset({name}), plain=form is str)


def say_a_part(rng: random.Random, name: str, names: Sequence[str]) -> Said | None:
    """One or two words of the name, with every pipeline that has them."""
    words = [one for one in parts(name) if len(one) > 3 and not one.isdigit()]
    if len(words) < 2:
        return None
    begin = rng.randrange(len(words))
    chosen = words[begin : begin + rng.choice([1, 2])]
    meant = having(chosen, names)
    if len(chosen) == len(parts(name)) or not meant or GENERIC.issuperset(chosen):
        return None
    glue = rng.choice([" ", "_", ""])
    return Said(text=glue.join(chosen), pipelines=meant)


def say_without_number(rng: random.Random, name: str, names: Sequence[str]) -> Said | None:
    """The name without its numbered prefix, or the prefix alone."""
    found = re.match(r"(P\d{4})_(\w+)", name)
    if not found:
        return None
    text = rng.choice([found[1], found[2], found[2].lower(), _spaced(found[2])])
    meant = frozenset(one for one in names if bare(one).endswith(bare(text)))
    return Said(text=text, pipelines=meant or frozenset({name}))


def say_with_slips(
    rng: random.Random, name: str, names: Sequence[str], *, wordy: bool
) -> Said | None:
    """The whole name mistyped; None where the slip makes another pipeline the nearer one."""
    text = rng.choice([name, name.lower(), *(() if wordy else (_spaced(name), bare(name)))])
    for _ in range(rng.choice([1, 1, 1, 2])):
        text = slip(rng, text)
    if text.lower() in {name.lower(), _spaced(name)} or len(bare(name)) < 6:
        return None
    away = {one: distance(bare(text), bare(one)) for one in names}
    nearest = min(away.values())
    if away[name] > nearest:
        return None
    return Said(text=text, pipelines=frozenset(one for one in names if away[one] == nearest))


def having(words: Sequence[str], names: Sequence[str]) -> frozenset[str]:
    """The pipelines that have all the words; the base of a family stands for the family."""
    said = "".join(words)
    exact = [one for one in names if bare(one) == said]
    if exact:
        return frozenset(exact)
    whole = frozenset(one for one in names if set(words) <= set(parts(one)))
    within = frozenset(one for one in names if all(w in bare(one) for w in words))
    return _base_of(whole or within)


def distance(left: str, right: str) -> int:
    """How many slips lie between two words, a swap of neighbours counted as one."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]


def _base_of(meant: frozenset[str]) -> frozenset[str]:
    """Where one name begins all the others, saying their common word may well mean that one."""
    for one in meant:
        if len(meant) > 1 and all(bare(other).startswith(bare(one)) for other in meant):
            return frozenset({one})
    return meant


def _spaced(name: str) -> str:
    return " ".join(parts(name))


def _dashed(name: str) -> str:
    return "-".join(parts(name))


def _pascal(name: str) -> str:
    return "".join(one.capitalize() for one in parts(name))
