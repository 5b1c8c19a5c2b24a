"""What acts need of Data Factory: a preview and its facts, one call, a look at what came."""

from datetime import datetime
from typing import Protocol

from adf.records import ActionLookup, ActionPreview, ActionReceipt, ActionTarget, PipelineRun
from cards.records import ActionFacts


class ActionPort(Protocol):
    """One way to all factories; every method may raise an AdfError.

    What reads is read afresh; what acts goes by the identity that may, and by nobody else.
    """

    async def preview(self, target: ActionTarget) -> ActionPreview:
        """What an act would do as things stand now, read afresh."""
        ...

    async def facts(self, preview: ActionPreview) -> ActionFacts:
        """What speaks for and against it; what cannot be read is left out.

        Never what decides whether a preview is still the same.
        """
        ...

    async def perform(self, target: ActionTarget, request_id: str) -> ActionReceipt:
        """Do it, once, under that id; OutcomeUnknown where no answer says whether it was done."""
        ...

    async def look_up(
        self, target: ActionTarget, request_id: str, since: datetime, now: datetime
    ) -> ActionLookup:
        """What the factory shows of an act whose answer was lost."""
        ...

    async def get_run(self, factory: str, run_id: str) -> PipelineRun:
        """A run as it is now.

        NotFound for one that is not there, or not listed yet.
        """
        ...


class PersonActsPort(Protocol):
    """Acts with the token of who approved them, where the bot has people sign in."""

    async def perform(self, target: ActionTarget, request_id: str, person_id: str) -> ActionReceipt:
        """Do it, once, under that id, as that person; raises as the bot's own way does."""
        ...
