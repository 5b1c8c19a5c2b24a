"""The corpus as rows, and the texts a row is trained and judged as."""

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.time_ranges import read_time
from bot.agents.understanding.features import MASKS, TIME_MASKS
from bot.agents.understanding.text import TextSpan
from bot.agents.understanding.text import masked as masked_text

FOLDER = Path(__file__).parents[2] / "bot" / "agents" / "understanding" / "corpus"
NOW, ZONE = datetime(2026, 3, 12, 2, 40, tzinfo=UTC), ZoneInfo("Europe/Berlin")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
NAMES, FOLLOWS, WHOLE = range(3)
_NAMING = ("{pipeline", "{run}", "{activity}", "{trigger}", "{ir}", "{incident}", "{table}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRow:
    """One utterance of one author; `follows` when it leans on what was said before."""

    intent: str
    author: str
    voice: str
    text: str
    follows: bool

    @property
    def reference(self) -> int:
        """Whether it names something, leans on the conversation, or is about no one thing."""
        if any(name in self.text for name in (*_NAMING, "{service}")):
            return NAMES
        return FOLLOWS if self.follows or self.voice == "followup" else WHOLE


def read_corpus(folder: Path = FOLDER) -> list[CorpusRow]:
    """Every row, by intent."""
    return [row for file in sorted(folder.glob("*.txt")) for row in _rows(file)]


def _rows(file: Path) -> Iterator[CorpusRow]:
    for line in file.read_text(encoding="utf-8").splitlines():
        author, voice, text = line.split("\t")
        yield CorpusRow(
            intent=file.stem,
            author=author,
            voice=voice,
            text=text.removeprefix("> "),
            follows=text.startswith("> "),
        )


def digest_of(folder: Path = FOLDER) -> str:
    """What tells one state of the corpus from another."""
    texts = (file.read_bytes() for file in sorted(folder.glob("*.txt")))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


@cache
def masked(text: str, intent: str = "") -> str:
    """A row as the resolver leaves it: every name known, every time read and told by its kind."""
    draw = random.Random(text)
    said = _PLACEHOLDER.sub(
        lambda match: _time(draw, intent) if match[1] == "time" else MASKS[match[1]], text
    )
    time = read_time(said, NOW, ZONE)
    spans = [TextSpan(start=a, end=b, kind=time.kind(NOW)) for a, b in time.spans]
    return masked_text(said, spans, TIME_MASKS)


SHORT_TALK = 20
_NO_GREETING = frozenset({"smalltalk", "unclear", "affirm", "decline", "out_of_scope"})
_SPOKEN = (
    *("the xpipe pipeline", "xpipe pipeline", "pipeline xpipe", "the pipeline xpipe"),
    *("the xpipe job", "the xpipe run", "xpipe load", "the xpipe one", "our xpipe", "my xpipe"),
)


def spoken(text: str, draw: random.Random) -> str:
    """A masked row with more words around its pipeline, as people say names."""
    return _PLACEHOLDER.sub(
        lambda match: draw.choice(_SPOKEN) if MASKS[match[1]] == "xpipe" else MASKS[match[1]],
        text,
    )


_SHORT = {
    "you": "u",
    "are": "r",
    "why": "y",
    "please": "pls",
    "what": "wat",
    "the": "da",
    "with": "w",
    "because": "cuz",
    "message": "msg",
    "to": "2",
    "for": "4",
    "and": "n",
    "through": "thru",
    "though": "tho",
    "tonight": "2nite",
    "your": "ur",
    "see": "c",
    "error": "err",
    "before": "b4",
    "someone": "some1",
    "anyone": "any1",
    "everyone": "every1",
    "about": "abt",
    "people": "ppl",
    "night": "nite",
    "right": "rite",
    "know": "kno",
    "minutes": "mins",
    "thanks": "thx",
    "status": "stat",
    "yesterday": "yday",
    "pipeline": "pipe",
    "going": "goin",
    "them": "em",
}


def greeted(text: str, talk: str, draw: random.Random) -> str:
    """A masked row with a word of small talk before or after it."""
    return f"{talk}, {text}" if draw.random() < 0.6 else f"{text} {talk}"


def mistyped(text: str, draw: random.Random) -> str:
    """A masked row as hasty thumbs type it: letters lost, swapped or doubled, words cut short."""
    words = [
        _SHORT[word] if word in _SHORT and draw.random() < 0.5 else _slip(word, draw)
        for word in text.lower().split(" ")
    ]
    return " ".join(words)


def _slip(word: str, draw: random.Random) -> str:
    if len(word) < 4 or word in MASKS.values() or draw.random() > 0.3:
        return word
    at = draw.randrange(1, len(word) - 1)
    return draw.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        )
    )


def filled(text: str, draw: random.Random) -> str:
    """A row with invented names that no resolver knows."""
    return _PLACEHOLDER.sub(lambda match: _value(match[1], draw), text)


def variants(rows: Sequence[CorpusRow], often: int = 1) -> Iterator[tuple[str, CorpusRow]]:
    """Each row masked, and with invented names where it has any."""
    talk = [row.text for row in rows if row.intent == "smalltalk" and len(row.text) < SHORT_TALK]
    for row in rows:
        draw = random.Random(row.text)
        yield masked(row.text, row.intent), row
        for _ in range(often if "{" in row.text else 0):
            yield filled(row.text, draw), row
        if "{pipeline" in row.text:
            yield spoken(row.text, draw), row
        yield mistyped(masked(row.text, row.intent), draw), row
        if row.intent not in _NO_GREETING and draw.random() < 0.4:
            yield greeted(masked(row.text, row.intent), draw.choice(talk), draw), row


_WHAT = [
    "sales",
    "claims",
    "vendor",
    "stock",
    "fleet",
    "meter",
    "policy",
    "payroll",
    "clickstream",
    "catalog",
    "shipment",
    "loyalty",
    "hr",
    "crm",
    "telemetry",
    "budget",
    "invoice",
    "tickets",
    "supplier",
    "returns",
    "orders",
    "customer",
    "finance",
    "gl",
]
_HOW = [
    "load",
    "daily",
    "sync",
    "ingest",
    "export",
    "refresh",
    "snapshot",
    "stage",
    "transform",
    "publish",
    "import",
    "merge",
]
_PEOPLE = ["anna", "raj", "tomek", "sofia", "bill", "yuki", "omar", "greta", "hannah", "pavel"]
_TIMES = [
    "6am",
    "7:30",
    "monday",
    "yesterday",
    "last night",
    "03:00",
    "tuesday",
    "noon",
    "midnight",
    "2 am",
    "this morning",
]
_SPANS = [
    "last week",
    "this week",
    "over the last 30 days",
    "this month",
    "in the past two weeks",
    "since last tuesday",
    "the last 7 days",
]
_OVER_TIME = frozenset({"trend", "worst_offenders", "failures_by_day"})


def _time(draw: random.Random, intent: str) -> str:
    """A time as it may stand in a row: mostly a moment or a night; weeks where rates are asked."""
    is_wide = draw.random() < (0.7 if intent in _OVER_TIME else 0.12)
    return draw.choice(_SPANS if is_wide else _TIMES)


_FACTORIES = ["uat", "prod", "dev", "adf-test", "df-europe", "staging", "adf-prod-we"]
_RUNTIMES = ("shir-we-02", "ir-onprem", "the shir", "the runtime", "SelfHostedIR")
_SERVICES = ("the salesforce linked service", "ls_sql_prod", "AzureBlob1", "the key vault")
_STEPS = ("Copy_", "Lookup_", "Script_", "ForEach_", "Merge_")


def _pipeline(draw: random.Random) -> str:
    what, how = draw.choice(_WHAT), draw.choice(_HOW)
    spoken = (what, f"{what} {how}", f"the {what} one", f"the {what} job", f"{what} {how}")
    written = (
        f"PL_{what.title()}_{how.title()}",
        f"{what.title()}{how.title()}",
        f"pl_{how}_{what}",
        f"{what}-{how}",
        f"df_{what}_{how}_v2",
    )
    return draw.choice(spoken if draw.random() < 0.45 else written)


def _value(kind: str, draw: random.Random) -> str:
    what = draw.choice(_WHAT)
    makers = {
        "pipeline": lambda: _pipeline(draw),
        "pipeline2": lambda: _pipeline(draw),
        "activity": lambda: draw.choice(_STEPS) + what.title(),
        "factory": lambda: draw.choice(_FACTORIES),
        "person": lambda: draw.choice(_PEOPLE),
        "time": lambda: draw.choice(_TIMES),
        "run": lambda: f"{draw.getrandbits(32):08x}",
        "trigger": lambda: draw.choice((f"trg_{what}_0200", f"{what} trigger", f"trg_{what}")),
        "ir": lambda: draw.choice(_RUNTIMES),
        "count": lambda: str(draw.choice((2, 3, 4, 6, 7, 12, 24, 30, 48, 90))),
        "incident": lambda: f"INC-{draw.randint(1, 999)}",
        "table": lambda: what,
        "service": lambda: draw.choice(_SERVICES),
    }
    return makers[kind]()
