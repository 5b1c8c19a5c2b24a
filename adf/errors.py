"""What can go wrong between us and Data Factory, each kind with the facts a person needs.

AdfError
├── BadArguments      the caller can fix it: a wrong argument, with what would have been right
│   └── OutOfRange    the time asked about is not kept any more
├── NotFound          the factory, pipeline or run does not exist (404)
├── Forbidden         the identity is not accepted (401) or lacks a permission (403)
├── Throttled         too many queries (429); `retry_after` seconds when the service said so
├── Rejected          any other 4xx: the request itself is wrong
└── Unavailable       5xx, time-out, no connection, or an answer that is not JSON
    └── OutcomeUnknown  the same after something was sent that changes the factory
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reach(StrEnum):
    """Where the way to the service ended."""

    NAME = "the host name can't be resolved"
    TRUST = "the certificate of the host is not trusted"
    NOBODY = "no connection"
    SILENCE = "no answer in time"
    CUT = "the connection was closed"
    BROKEN = "the service failed"
    NONSENSE = "the answer can't be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastKnown:
    """The record that answered the same question before, and when that was."""

    record: object
    at: datetime


class AdfError(Exception):
    """Something asked of Data Factory that could not be answered.

    `last_known` is what the same question was answered with before, where that is remembered;
    `resource` is the id of the factory that was asked.
    """

    last_known: LastKnown | None = None
    resource: str | None = None

    def __init__(
        self, said: str, *, asked: str = "", code: str | None = None, status: int | None = None
    ) -> None:
        """Keep the service's words (`said`, redacted), what was `asked`, its code and status."""
        super().__init__(f"{asked}: {said}" if asked else said)
        self.said = said
        self.asked = asked
        self.code = code
        self.status = status


class BadArguments(AdfError):
    """A tool was called with something it cannot take; `choices` are what would be right."""

    def __init__(self, said: str, *, asked: str = "", choices: Sequence[str] = ()) -> None:
        """Keep the nearest right values beside the complaint."""
        super().__init__(said, asked=asked)
        self.choices = tuple(choices)


class OutOfRange(BadArguments):
    """The time asked about lies before what Data Factory keeps."""


class NotFound(AdfError):
    """No such thing; `what` is subscription, resource group, factory, pipeline or run, if told."""

    def __init__(
        self,
        said: str,
        *,
        asked: str = "",
        code: str | None = None,
        status: int | None = None,
        what: str = "",
    ) -> None:
        """Keep what it is that does not exist."""
        super().__init__(said, asked=asked, code=code, status=status)
        self.what = what


class Forbidden(AdfError):
    """The bot's identity was refused: 401 is the sign-in, 403 a missing permission.

    `action` is the operation it lacks the right to, as roles name it, where the service told.
    """

    def __init__(
        self,
        said: str,
        *,
        asked: str = "",
        code: str | None = None,
        status: int | None = None,
        action: str | None = None,
    ) -> None:
        """Keep the missing action."""
        super().__init__(said, asked=asked, code=code, status=status)
        self.action = action


# The code of a Throttled that the bot gives itself, before the service has to.
BUDGET_SPENT = "CallBudgetSpent"


class Throttled(AdfError):
    """The service asked us to slow down; `retry_after` is in seconds, when it was given."""

    def __init__(
        self,
        said: str,
        *,
        asked: str = "",
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Keep the wait the service asked for."""
        super().__init__(said, asked=asked, code=code, status=429)
        self.retry_after = retry_after


class Rejected(AdfError):
    """Data Factory understood the request and refuses it."""


class Unavailable(AdfError):
    """Data Factory could not be reached, did not answer in time, or answered nonsense."""

    def __init__(
        self,
        said: str,
        *,
        asked: str = "",
        code: str | None = None,
        status: int | None = None,
        reach: Reach = Reach.BROKEN,
    ) -> None:
        """Keep where the way to the service ended."""
        super().__init__(said, asked=asked, code=code, status=status)
        self.reach = reach


class OutcomeUnknown(Unavailable):
    """An act was sent and no answer says whether it took place: look it up, never send it again.

    `request_id` is the id it was sent under, which is that of the new run where it started one.
    """

    def __init__(
        self,
        said: str,
        *,
        request: str,
        request_id: str,
        code: str | None = None,
        status: int | None = None,
        reach: Reach = Reach.BROKEN,
    ) -> None:
        """Keep the id to look it up by."""
        super().__init__(said, asked=request, code=code, status=status, reach=reach)
        self.request_id = request_id
