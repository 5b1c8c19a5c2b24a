"""Says what an AdfError means for the person who asked: what happened, the mend, who can do it."""

from datetime import datetime

from adf.errors import (
    AdfError,
    BadArguments,
    Forbidden,
    NotFound,
    Rejected,
    Throttled,
    Unavailable,
)
from cards.records import Choice, Trouble

PORTAL = "https://portal.azure.com"
_ADMIN = "an administrator of the data factory"


def trouble_for(error: AdfError, asked: str, now: datetime) -> Trouble:
    """The trouble card's record for an error met while answering `asked`."""
    area, mend, who = _advice(error)
    choices = error.choices if isinstance(error, BadArguments) else ()
    return Trouble(
        area=area,
        asked=asked,
        happened=f"{_place(error)}{error.said}",
        mend=mend,
        who=who,
        code=error.code or (f"HTTP {error.status}" if error.status else None),
        as_of=now,
        link=PORTAL if area in {"permission", "identity", "throttling", "network"} else None,
        choices=tuple(Choice(title=one, question=f"status of {one}") for one in choices),
    )


def internal_trouble(error_id: str, asked: str, now: datetime) -> Trouble:
    """The record for a fault of our own: the id finds it in the log, the details stay there."""
    return Trouble(
        area="internal",
        asked=asked,
        happened="Something in the bot itself went wrong; nothing was changed in Data Factory.",
        mend=f"Ask again. If it stays, give the id {error_id} to whoever runs the bot.",
        who="whoever runs the bot",
        code=error_id,
        as_of=now,
        link=PORTAL,
    )


def _advice(error: AdfError) -> tuple[str, str, str]:
    """Area, mend and who can do it."""
    if isinstance(error, BadArguments):
        return "input", "Ask again with what is missing.", "you"
    if isinstance(error, NotFound):
        return "name", "Check the name or the run id; runs are kept for 45 days.", "you"
    if isinstance(error, Forbidden) and error.status == 401:
        mend = "The bot's own sign-in was refused: check its managed identity or credential."
        return "identity", mend, "whoever runs the bot"
    if isinstance(error, Forbidden):
        mend = (
            "Grant the bot's identity the role Reader plus the query actions on the data factory."
        )
        return "permission", mend, _ADMIN
    if isinstance(error, Throttled):
        wait = f" Try again in {error.retry_after:.0f} s." if error.retry_after else ""
        return "throttling", f"Azure is busy and throttles the queries.{wait}", "nobody: wait"
    if isinstance(error, Rejected):
        return "input", "Data Factory refused the question as it was put.", "whoever runs the bot"
    return "network", "Try again; if it stays, look at Azure's status and our network.", _ADMIN


def _place(error: AdfError) -> str:
    return "Data Factory could not be reached: " if isinstance(error, Unavailable) else ""
