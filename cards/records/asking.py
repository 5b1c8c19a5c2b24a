"""What is shown when a question has no answer yet: help, a choice, a problem, a denial."""

from dataclasses import dataclass
from datetime import datetime

from adf.records import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to go on: a button that asks `question` in the reader's name."""

    title: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(BaseRecord):
    """What can be asked here: a line or two to read, questions to press, and all the others."""

    bot_name: str
    examples: tuple[Choice, ...]
    intro: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = "What can be asked here"

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker(BaseRecord):
    """A question that fits several things: why we ask, and what it could be."""

    question: str
    choices: tuple[Choice, ...]

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()

    @property
    def identity(self) -> str:
        """The question."""
        return f"picker {self.question}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(BaseRecord):
    """Something could not be answered: what, why, who can fix it, what was last known.

    `area` is one of identity, permission, name, window, throttling, network, input, action (nothing
    was done), internal, or remote for another server than Azure's.
    """

    area: str
    asked: str
    happened: str
    fix: str
    who: str
    code: str | None = None
    last_known: str | None = None
    as_of: datetime | None = None
    link: str | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """None: its details are left out for people who may read none."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied(BaseRecord):
    """What a person may not do here, which right is missing and who has it.

    `proposal_id` is set where a press on a proposal was refused, which others may still approve.
    """

    asked: str
    happened: str
    needs: str = ""
    who: tuple[str, ...] = ()
    proposal_id: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()

    @property
    def identity(self) -> str:
        """What was refused."""
        return f"denied {self.happened}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(BaseRecord):
    """Words of a tool that are an answer by themselves: no card is drawn for them."""

    said: str

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()

    @property
    def identity(self) -> str:
        """What it says."""
        return f"notice {self.said}"
