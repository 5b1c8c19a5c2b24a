"""How values are written for a language model: times with zone, bounded words, nothing empty."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from adf.records import PipelineRun
from bot.agents.untrusted import plain

Facts = dict[str, object]
T = TypeVar("T")
LONGEST_WORD = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWriter:
    """The reader's zone, and how much may be written: rows of a list, characters of an error."""

    zone: ZoneInfo
    rows: int
    characters: int
    error_text: bool

    def at(self, moment: datetime | None) -> str | None:
        """A time on the clock of the room, in the one form that a model can also give back."""
        if moment is None:
            return None
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

    def error(self, text: str) -> str | None:
        """Words of an error, cut; None where the model is to see none."""
        return cut(text, self.characters) if self.error_text and text else None

    def some(
        self, listed: Sequence[T], write: Callable[[T], object], most: int = 0
    ) -> Sequence[object]:
        """The first of a list, each as `write` has it."""
        return [write(one) for one in listed[: min(most or self.rows, self.rows)]]

    def omitted(self, listed: Sequence[object]) -> int:
        """How many of a list are left out."""
        return max(0, len(listed) - self.rows)

    def of_run(self, run: PipelineRun) -> Facts:
        """A run as it stands in a list or at the head of a report."""
        by = run.invoked_by
        return filled(
            pipeline=word(run.pipeline),
            run_id=run.run_id,
            status=str(run.status),
            start=self.at(run.start),
            end=self.at(run.end),
            duration_s=seconds(run.duration),
            started_by=word(f"{by.kind} {by.name}") if by else None,
            parent_run_id=by.pipeline_run_id if by else None,
            trial_run=run.debug or None,
        )


def filled(**values: object) -> Facts:
    """Only what says something: no None, no empty text, no empty list."""
    return {key: value for key, value in values.items() if _says(value)}


def cut(text: object, limit: int) -> str:
    """Text without what is unseen, shortened with an ellipsis."""
    return plain(text, limit)


def word(text: object) -> str:
    """A name or a short phrase, bounded."""
    return cut(text, LONGEST_WORD)


def seconds(span: timedelta | None) -> int | None:
    """A duration in whole seconds."""
    return round(span.total_seconds()) if span is not None else None


def counted(words: Iterable[object]) -> Mapping[str, int]:
    """How often each word occurs, in the order of the first time."""
    counts: dict[str, int] = {}
    for one in words:
        counts[str(one)] = counts.get(str(one), 0) + 1
    return counts


def _says(value: object) -> bool:
    return value is not None and value not in ("", (), [], {})
