"""What a person said to calls that waited, as one turn may use it: each yes once."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.agent.interface import Question

Use = Callable[[str, str], Awaitable[bool]]
"""Write down that the yes of a decision is used for a call; False when it was used before."""


class Verdict(StrEnum):
    """What became of a call that waited for a yes."""

    YES = "a person allowed it"
    NO = "a person said no to this call"
    USED = (
        "it was allowed once and has been made already, or it is not known whether it was made; "
        "it is not made again: tell the person so"
    )
    OPEN = (
        "nobody could allow this call, for it was not shown whole: ask again for it alone, "
        "and with less"
    )


async def never(decision: str, approval_id: str) -> bool:
    """Where nothing can be written down, no yes can be used."""
    del decision, approval_id
    return False


class Decisions:
    """The decisions that came with a question."""

    def __init__(self, question: Question, use: Use) -> None:
        """`use` outlives the process: a turn that a crash cut off is taken up with the same yes."""
        self._question = question
        self._use = use

    @property
    def are_there(self) -> bool:
        """Whether a person has decided anything."""
        return bool(self._question.decision)

    async def on(self, approval_id: str) -> Verdict:
        """The verdict on a call; a yes is used up by asking, so the call has to follow."""
        said = self._question.decided.get(approval_id) if self.are_there else None
        if not said:
            return Verdict.OPEN if said is None else Verdict.NO
        is_first = await self._use(self._question.decision, approval_id)
        return Verdict.YES if is_first else Verdict.USED
