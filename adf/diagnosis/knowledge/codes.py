"""The codes of Data Factory and of the systems behind it, each with its kind."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adf.diagnosis.knowledge.kinds import kinds, read_json

LEARN = "https://learn.microsoft.com/azure/data-factory/"
_OWN = ("adf_connectors.json", "adf_data_flows.json", "adf_activities.json", "adf_runtimes.json")
_SYSTEMS = ("databases.json", "services.json")
_WORD = re.compile(r"\b(?:\d{4,}|[A-Za-z][\w.-]*[A-Za-z0-9])\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """What one code means.

    `many` codes stand for several causes, so that what is inside goes first; a `wrapper` tells
    nothing but that something inside failed. `vague` codes of a system give way to plain words.
    `own` codes are Data Factory's.
    """

    code: str
    kind: str
    cause: str
    page: str | None = None
    words: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    many: bool = False
    wrapper: bool = False
    vague: bool = False
    weak: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFamily:
    """The codes of one system: single ones, and what a class or range of them means."""

    name: str
    entries: Mapping[str, KnownError]
    classes: Mapping[str, KnownError]
    ranges: Sequence[tuple[int, int, KnownError]]
    default: KnownError | None

    def find(self, code: str) -> KnownError | None:
        """The entry of a code, else of its class or range."""
        plain = code.lstrip("0") or "0"
        found = self.entries.get(code) or self.entries.get(plain) or self.classes.get(code[:2])
        return found or self._by_range(code) or self.default

    def _by_range(self, code: str) -> KnownError | None:
        number = int(code) if re.fullmatch(r"-?\d{1,9}", code) else None
        return next(
            (one for low, high, one in self.ranges if number is not None and low <= number <= high),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Every code: Data Factory's own by lower-case name, names of services, numbered families."""

    own: Mapping[str, KnownError]
    names: Mapping[str, KnownError]
    families: Mapping[str, CodeFamily]


@functools.cache
def codes() -> Codes:
    """Every code, read once."""
    own = [entry for file in _OWN for entry in _own_entries(read_json(file))]
    systems = [read_json(file) for file in _SYSTEMS]
    return Codes(
        own={name.lower(): entry for name, entry in own},
        names={
            name: one for read in systems for name, one in _entries(read.get("names", ()), "{}")
        },
        families={name: _family(row) for read in systems for name, row in read["families"].items()},
    )


def named_in(text: str) -> KnownError | None:
    """The entry whose code stands in a text as a word of its own, the most telling one."""
    known = codes()
    words = _WORD.findall(text)
    found = [one for word in words if (one := known.own.get(word.lower()) or known.names.get(word))]
    return min(found, key=lambda one: (one.wrapper, one.many), default=None)


def _own_entries(read: Mapping[str, Any]) -> Iterator[tuple[str, KnownError]]:
    """Data Factory's codes of one file; the first name of a row is the one that is told."""
    for row in read["entries"]:
        yield from _entries([row], "{}", own=True, page=read["page"])


def _family(row: Mapping[str, Any]) -> CodeFamily:
    pattern = f"{row['name']} {{}}"
    default = row.get("default")
    entries = _entries(row["entries"], pattern, vague=row.get("vague", False))
    return CodeFamily(
        name=row["name"],
        entries=dict(entries),
        # A driver gives the class where it has no code of its own: words say more.
        classes={
            key: _entry(row["name"], kind, {"vague": True}) for key, kind in row.get("classes", ())
        },
        ranges=[
            (low, high, _entry(row["name"], kind, {})) for low, high, kind in row.get("ranges", ())
        ],
        default=_entry(row["name"], default, {}) if default else None,
    )


def _entries(
    rows: Sequence[Sequence[Any]], pattern: str, *, page: str | None = None, **flags: bool
) -> Iterator[tuple[str, KnownError]]:
    for row in rows:
        names: list[str] = row[0].split()
        told: dict[str, Any] = {"cause": row[2] if len(row) > 2 else None, "page": page, **flags}
        told.update(row[3] if len(row) > 3 else {})
        for name in names:
            # Other names of a code that has words are told by the first; only that one has them.
            first = name == names[0] or not told.get("words")
            other = {} if first else {"name": names[0], "words": ()}
            yield name, _entry(pattern.format(name), row[1], {**told, **other})


def _entry(code: str, kind: str, told: Mapping[str, Any]) -> KnownError:
    page = told.get("page")
    return KnownError(
        code=told.get("name") or code,
        kind=kind,
        cause=told.get("cause") or kinds()[kind].cause,
        page=f"{LEARN}{page}" if page else None,
        words=tuple(told.get("words", ())),
        candidates=tuple(told.get("candidates", ())),
        **{flag: bool(told.get(flag)) for flag in ("many", "wrapper", "vague", "weak", "own")},
    )
