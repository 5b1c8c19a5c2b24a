"""What haste does to a sentence: slips of the finger, case, fillers, politeness, swearing."""

import random
import re

from tests.paraphrases.phrases import WORDS

NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "x",
}  # fmt: skip
BEFORE = {
    "en": (
        "hey", "hi", "pls", "please", "ok", "ok so", "quick one:", "hey bot", "yo", "uh", "hmm",
        "sorry to bother,", "can u check:", "ffs", "damn,", "jesus,", "wtf,", "goddamn it,",
        "good morning,", "team asks:", "boss wants to know:", "woke up to this,", "coffee first...",
        "one more:", "sry", "dear bot,", "listen,", "argh", "ugh,", "still half asleep:",
    ),
    "de": (
        "hey", "hallo", "moin", "bitte", "ok", "sag mal,", "kurze frage:", "verdammt,", "mist,",
        "scheisse,", "hoi", "grüezi,", "guten morgen,", "sorry,", "hm", "der chef fragt:", "so,",
    ),
}  # fmt: skip
AFTER = {
    "en": (
        "pls", "please", "thx", "thanks", "asap", "??", "???", "!!", "...", ":(", "lol", "man",
        "for the bridge call", "need it quick", "im on my phone", "ty", "anyone?", "ffs", "again",
        "\U0001f62d", "\U0001f525", "cheers",
    ),
    "de": (
        "bitte", "danke", "merci", "??", "!!", "...", ":(", "dringend", "schnell bitte", "mann",
        "\U0001f62d", "gell",
    ),
}  # fmt: skip


def slip(rng: random.Random, text: str) -> str:
    """One slip: a letter dropped, doubled, swapped with its neighbour, or the next key hit."""
    places = [i for i, one in enumerate(text[:-1]) if i and one.isalpha()]
    places = [i for i in places if text[i + 1].isalpha()]
    if not places:
        return text
    at = rng.choice(places)
    here, after = text[at], text[at + 1]
    match rng.choice(["drop", "double", "swap", "key"]):
        case "drop":
            return text[:at] + text[at + 1 :]
        case "double":
            return text[:at] + here + text[at:]
        case "swap":
            return text[:at] + after + here + text[at + 2 :]
        case _:
            key = rng.choice(NEIGHBOURS.get(here.lower(), here))
            return text[:at] + key + text[at + 1 :]


def mistype(rng: random.Random, words: str, share: float) -> str:
    """Slips in some of the longer words of a sentence, none that makes another known word."""

    def maybe(found: re.Match[str]) -> str:
        slipped = slip(rng, found[0]) if rng.random() < share else found[0]
        return found[0] if slipped.lower() in WORDS else slipped

    return re.sub(r"[A-Za-zäöü]{5,}", maybe, words)


def in_case(rng: random.Random, text: str) -> str:
    """Mostly as typed or in small letters, sometimes shouted."""
    choice = rng.random()
    if choice < 0.5:
        return text.lower()
    return text.upper() if choice > 0.93 else text


def dressed(rng: random.Random, text: str, language: str) -> str:
    """A sentence with something polite, sleepy or rude around it."""
    if rng.random() < 0.35:
        text = f"{rng.choice(BEFORE[language])} {text}"
    if rng.random() < 0.35:
        ending = rng.choice(AFTER[language])
        text = f"{text.rstrip('?!. ')} {ending}" if ending[0].isalpha() else f"{text}{ending}"
    return text


def without_marks(rng: random.Random, text: str) -> str:
    """Night typing: without question mark, apostrophes or umlauts."""
    if rng.random() < 0.6:
        text = text.rstrip("?!.")
    if rng.random() < 0.5:
        text = text.replace("'", "")
    if rng.random() < 0.3:
        for mark, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            text = text.replace(mark, plain)
    return text
