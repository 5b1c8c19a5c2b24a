"""Makes paraphrases with their truths from a seed; another seed makes others."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.paraphrases.bank import BANK
from tests.paraphrases.collections import eighth, fifth, fourth, second, seventh, sixth, third
from tests.paraphrases.energy import ENERGY
from tests.paraphrases.hospital import HOSPITAL
from tests.paraphrases.insurance import INSURANCE
from tests.paraphrases.logistics import LOGISTICS
from tests.paraphrases.meaning import Meaning, Paraphrase
from tests.paraphrases.noise import dressed, in_case, mistype, without_marks
from tests.paraphrases.phrases import GERMAN, PLAIN, TERSE, Phrases
from tests.paraphrases.scene import make_scene
from tests.paraphrases.subjects import FAMILIES, Draft

WORLDS = {one.name: one for one in (LOGISTICS, INSURANCE, ENERGY, HOSPITAL, BANK)}
GERMAN_SHARE = {"logistics": 0.06, "insurance": 0.4, "energy": 0.1, "hospital": 0.06, "bank": 0.06}
COLLECTIONS = (
    "first words",
    "second words",
    "third words",
    "fourth words",
    "fifth words",
    "sixth words",
    "seventh words",
    "eighth words",
)
LATER = (second, third, fourth, fifth, sixth, seventh, eighth)
PLAINS = (PLAIN, *(one.PLAIN for one in LATER))
TERSES = (TERSE, *(one.TERSE for one in LATER))
GERMANS = (GERMAN, *(one.GERMAN for one in LATER))
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"(\{[a-z]\})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How somebody types: from which phrases, and how hastily."""

    phrases: Sequence[Mapping[str, Phrases]]
    language: str
    hasty: bool
    slips: float


def generate(seed: int, count: int) -> Iterator[Paraphrase]:
    """So many different paraphrases of a seed."""
    rng = random.Random(seed)
    seen: set[tuple[str, ...]] = set()
    while len(seen) < count:
        made = _one(rng, len(seen) + 1)
        key = (made.world, *made.before, made.text) if made else ()
        if made and key not in seen:
            seen.add(key)
            yield made


def _one(rng: random.Random, number: int) -> Paraphrase | None:
    world = WORLDS[rng.choice(list(WORLDS))]
    style = _style(rng, world.name)
    scene = make_scene(rng, world, style.language, hasty=style.hasty)
    family = rng.choices(list(FAMILIES), [one.weight for one in FAMILIES.values()])[0]
    draft = FAMILIES[family].make(scene)
    if draft is None:
        return None
    template = _phrase(rng, draft, style)
    if template is None:
        return None
    return Paraphrase(
        number=number,
        world=world.name,
        moment=scene.now,
        family=family,
        text=_written(rng, template, draft, style),
        before=draft.before,
        room=draft.room or scene.room,
        meaning=_meant(draft.meaning),
        plain=not style.hasty and draft.plain,
        language=style.language,
        words=COLLECTIONS[template.collection],
    )


def _style(rng: random.Random, world: str) -> Style:
    if rng.random() < GERMAN_SHARE[world]:
        hasty = rng.random() < 0.6
        return Style(
            phrases=GERMANS,
            language="de",
            hasty=hasty,
            slips=0.08 if hasty else 0,
        )
    if rng.random() < 0.4:
        return Style(phrases=PLAINS, language="en", hasty=False, slips=0)
    phrases = TERSES if rng.random() < 0.75 else PLAINS
    return Style(phrases=phrases, language="en", hasty=True, slips=rng.choice([0, 0.06, 0.15]))


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase with its choices made, and which collection it is from."""

    text: str
    collection: int


def _phrase(rng: random.Random, draft: Draft, style: Style) -> Template | None:
    """A phrase that asks for it; None where the language has none."""
    own = [(0, one) for one in draft.phrases]
    collected = [
        (number, one)
        for number, phrases in enumerate(style.phrases)
        for one in phrases.get(draft.more or draft.ask, ())
    ]
    if not own and not collected:
        return None
    collection, phrase = rng.choice([*own, *collected] if draft.more else own or collected)
    while found := _CHOICE.search(phrase):
        part = rng.choice(found[1].split("|"))
        phrase = f"{phrase[: found.start()]}{part}{phrase[found.end() :]}"
    return Template(phrase, collection)


def _written(rng: random.Random, template: Template, draft: Draft, style: Style) -> str:
    pieces = _SLOT.split(template.text)
    slips = style.slips
    written = "".join(
        draft.slots[piece[1]] if _SLOT.fullmatch(piece) else mistype(rng, piece, slips)
        for piece in pieces
    )
    text = re.sub(r"\s+([?.,:!])", r"\1", re.sub(r"\s+", " ", written)).strip()
    if not style.hasty:
        return text
    text = without_marks(rng, text)
    return in_case(rng, dressed(rng, text, style.language))


def _meant(meaning: Meaning) -> Meaning:
    """An unclear name must be asked about; showing all that it may mean is as good."""
    unclear = len(meaning.pipelines) > 1 and not meaning.every
    return replace(meaning, must_ask=True, every=True) if unclear else meaning
