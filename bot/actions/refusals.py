"""Why a press has no effect, in one sentence for the person who pressed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records.moments import moment_said
from adf.redaction import redact_start
from bot.actions.proposal import Proposal
from bot.messages import CardClick
from cards.records import ProposalState


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A press without effect: the word that the audit keeps, and the sentence."""

    why: str
    said: str
    needs: str = ""


UNKNOWN = Refusal(
    why="unknown",
    said="I don't know that proposal anymore. Ask again, and I'll show you a new one.",
)

BUSY = Refusal(
    why="busy",
    said="The same is being done right now on another proposal. Look at what comes of that first.",
)

READ_ONLY = Refusal(
    why="read-only",
    said="I'm read-only at present, so nothing was done. The bot admin can change that.",
)

NO_REASON = Refusal(
    why="no reason",
    said="To approve it alone, say why in a sentence: it is kept, and everybody here sees it.",
)

TAMPERED = Refusal(
    why="tampered",
    said="This button is invalid: what it says differs from what was proposed, so nothing was "
    "done. Ask for it again, and press on the card that I show you.",
)
_NAMED = ("action", "pipeline", "run_id", "mode", "activity", "trigger")


def refusal_of(
    proposal: Proposal, click: CardClick, now: datetime, zone: ZoneInfo
) -> Refusal | None:
    """Why somebody with the right cannot approve this here and now; None when they can."""
    if click.address.conversation != proposal.address.conversation:
        return Refusal(
            why="place",
            said="This card was made for another conversation and has no power here.",
        )
    if proposal.is_expired(now):
        # Whatever the button says, nothing comes of it any more.
        until = moment_said(proposal.expires_at, zone)
        return Refusal(
            why="expired",
            said=f"It expired at {until}: a proposal is valid for 30 minutes.",
        )
    if _says_otherwise(proposal, click):
        return TAMPERED
    if proposal.state is not ProposalState.WAITING:
        return Refusal(why="used", said=_used(proposal, zone))
    return None


SHORTEST_REASON = 10
LONGEST_REASON = 200


def reason_in(click: CardClick) -> str:
    """Why somebody approves alone what needs two, as they wrote it, without secrets."""
    said = " ".join(str(click.data.get("reason") or "").split())
    return redact_start(said, LONGEST_REASON)[:LONGEST_REASON]


def second_person_missing(
    proposal: Proposal, click: CardClick, *, alone: bool = False
) -> Refusal | None:
    """That the asker may not approve it, or only `alone` with a reason; None for anybody else."""
    if not proposal.second_person or not proposal.requested.is_by(click.speaker):
        return None
    if alone and proposal.break_glass:
        return None if len(reason_in(click)) >= SHORTEST_REASON else NO_REASON
    return Refusal(
        why="second person",
        said=f"This needs a second person: {proposal.requested.name} asked for it, "
        "so another operator has to approve it.",
        needs="the press of another operator",
    )


def _says_otherwise(proposal: Proposal, click: CardClick) -> bool:
    """Whether the press names another act than the stored one, which alone would count."""
    target = proposal.target
    stored = {**target.facts(), "action": str(target.kind)}
    said = {key: click.data[key] for key in _NAMED if click.data.get(key) is not None}
    by = click.data.get("by")
    is_other = isinstance(by, str) and by.lower() != proposal.requested.name.lower()
    return is_other or any(str(stored.get(key) or "") != str(one) for key, one in said.items())


def _used(proposal: Proposal, zone: ZoneInfo) -> str:
    decided = proposal.decided
    by = f"{decided.name} " if decided else "Somebody "
    at = f" at {moment_said(decided.at, zone)}" if decided else ""
    if proposal.state is ProposalState.WITHDRAWN:
        return f"{by}withdrew it{at}. Ask for it again if it is still wanted."
    if proposal.state is ProposalState.REPLACED:
        return "A newer proposal has taken its place: press on that one."
    if proposal.state is ProposalState.EXPIRED:
        return "It has expired. Ask for it again."
    return f"{by}already approved it{at}. It runs only once."
