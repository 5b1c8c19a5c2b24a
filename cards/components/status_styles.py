"""How a state looks: a glyph, a word and a colour, always together."""

from dataclasses import dataclass
from typing import Literal

from adaptive_cards.types import Colors, ContainerStyle

from adf.records import RunStatus
from cards.extension import Tone

IconColor = Literal["Default", "Accent", "Good", "Attention", "Warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusStyle:
    """One state as shown; `icon` is a Fluent name, `glyph` stands where no icon can."""

    word: str
    glyph: str
    icon: str
    band: ContainerStyle
    color: Colors
    tone: Tone
    icon_color: IconColor


def _look(word: str, glyph: str, icon: str, name: str) -> StatusStyle:
    band, color, tone, icon_color = _COLORS[name]
    return StatusStyle(
        word=word,
        glyph=glyph,
        icon=icon,
        band=band,
        color=color,
        tone=tone,
        icon_color=icon_color,
    )


_COLORS: dict[str, tuple[ContainerStyle, Colors, Tone, IconColor]] = {
    "bad": (ContainerStyle.ATTENTION, Colors.ATTENTION, "Attention", "Attention"),
    "good": (ContainerStyle.GOOD, Colors.GOOD, "Good", "Good"),
    # Older hosts draw warning text yellow on white: the band and the glyph say it instead.
    "warn": (ContainerStyle.WARNING, Colors.DEFAULT, "Warning", "Warning"),
    "busy": (ContainerStyle.ACCENT, Colors.ACCENT, "Accent", "Accent"),
    "calm": (ContainerStyle.EMPHASIS, Colors.DEFAULT, "Subtle", "Default"),
}

FAILED = _look("Failed", "✖", "DismissCircle", "bad")
TIMED_OUT = _look("Timed out", "✖", "DismissCircle", "bad")
SUCCEEDED = _look("Succeeded", "✔", "CheckmarkCircle", "good")
RUNNING = _look("Running", "▶", "ArrowSyncCircle", "busy")
QUEUED = _look("Queued", "◷", "Clock", "calm")
CANCELLED = _look("Cancelled", "■", "RecordStop", "warn")
CANCELING = _look("Canceling", "■", "RecordStop", "warn")
SKIPPED = _look("Skipped", "–", "SubtractCircle", "calm")
UNKNOWN = _look("Unknown", "?", "QuestionCircle", "calm")
DEGRADED = _look("Degraded", "▲", "Warning", "warn")
ACKNOWLEDGED = _look("Acknowledged", "◐", "PersonClock", "warn")
REFUSED = _look("Refused", "⊘", "LockClosed", "warn")
ASKING = _look("Question", "?", "QuestionCircle", "busy")
ITEM = _look("Item", "•", "Info", "calm")
TELLING = _look("Information", "i", "Info", "calm")

_BY_STATUS = {
    RunStatus.QUEUED: QUEUED,
    RunStatus.IN_PROGRESS: RUNNING,
    RunStatus.SUCCEEDED: SUCCEEDED,
    RunStatus.FAILED: FAILED,
    RunStatus.CANCELING: CANCELING,
    RunStatus.CANCELLED: CANCELLED,
    RunStatus.SKIPPED: SKIPPED,
    RunStatus.TIMED_OUT: TIMED_OUT,
    RunStatus.UNKNOWN: UNKNOWN,
}


def look_of(status: RunStatus) -> StatusStyle:
    """The look of a run's status."""
    return _BY_STATUS[status]
