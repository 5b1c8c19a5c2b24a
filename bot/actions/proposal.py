"""What is stored of a proposed act, and the states that it goes through.

WAITING ---press---> SENT ---answer---> RUNNING ---end---> DONE | FAILED
   |                  |                   (a trigger is DONE at once)
   |                  '-- no answer --> UNCERTAIN: looked up by its request id, never sent again
   '--> WITHDRAWN | EXPIRED | REPLACED (something had changed: a newer proposal stands in its place)

Only ids, names and times: neither the text of an error nor what a preview said.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from adf.errors import AdfError, Forbidden, NotFound, Rejected, Throttled, Unavailable
from adf.records import ActionTarget
from bot.messages import Address, Person
from bot.state.store import Moment
from cards.records import ProposalState

LIFETIME = timedelta(minutes=30)
# Sent, and whoever sent it may still wait for the answer.
IN_FLIGHT = timedelta(seconds=60)
OPEN = frozenset({ProposalState.SENT, ProposalState.RUNNING, ProposalState.UNCERTAIN})
_KINDS: tuple[type[AdfError], ...] = (Forbidden, NotFound, Throttled, Rejected, Unavailable)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent:
    """What somebody did to a proposal, and when."""

    person_id: str
    name: str
    tenant: str
    at: Moment

    def is_by(self, person: Person) -> bool:
        """Whether it was that person, as the validated activity names them."""
        return (self.tenant, self.person_id) == (person.tenant, person.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredError:
    """Why Data Factory refused an act, by code: its words are not stored."""

    kind: str
    code: str | None = None
    status: int | None = None
    action: str | None = None

    @classmethod
    def of(cls, error: AdfError) -> "StoredError":
        """What is stored of an error."""
        kind = next((one.__name__ for one in _KINDS if isinstance(error, one)), "AdfError")
        action = error.action if isinstance(error, Forbidden) else None
        return cls(kind=kind, code=error.code, status=error.status, action=action)

    def restored(self, request: str) -> AdfError:
        """An error of the same kind, in words of our own."""
        said = f"Azure answered {self.status or self.kind}{f' {self.code}' if self.code else ''}"
        if self.kind == Forbidden.__name__:
            return Forbidden(
                said, asked=request, code=self.code, status=self.status, action=self.action
            )
        if self.kind == Throttled.__name__:
            return Throttled(said, asked=request, code=self.code)
        kind = next((one for one in _KINDS if one.__name__ == self.kind), AdfError)
        return kind(said, asked=request, code=self.code, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that a person asked for; whoever approves it approves what stands here, once.

    `digest` stands for the preview that was shown. `second_person`: the asker may not approve,
    unless the factory has `break_glass`, and then with a `reason`.
    `request_id` is the one id that the act was sent under, `run_id` the run it began or ends,
    `status` how that run was when it was last looked at.
    """

    proposal_id: str
    target: ActionTarget
    digest: str
    requested: PersonEvent
    address: Address
    second_person: bool = False
    break_glass: bool = False
    reason: str = ""
    state: ProposalState = ProposalState.WAITING
    revision: int = 1
    decided: PersonEvent | None = None
    message_id: str = ""
    request_id: str = ""
    run_id: str = ""
    status: str = ""
    error: StoredError | None = None
    replaced_by: str = ""

    @property
    def expires_at(self) -> datetime:
        """From when on nobody can approve it."""
        return self.requested.at + LIFETIME

    def is_waiting(self, now: datetime) -> bool:
        """Whether a press may still do something."""
        return self.state is ProposalState.WAITING and now < self.expires_at

    def is_expired(self, now: datetime) -> bool:
        """Whether nobody pressed in time."""
        return self.state is ProposalState.WAITING and now >= self.expires_at

    def moved(self, state: ProposalState, **changes: Any) -> "Proposal":  # noqa: ANN401 - as in replace
        """The same in another state, as a new revision."""
        return replace(self, state=state, revision=self.revision + 1, **changes)
