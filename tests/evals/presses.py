"""Presses on cards that rows tell of: which can be made, and what the presser gets."""

from tests.evals.conversation import Conversation, Result
from tests.evals.rows import Row

ACKNOWLEDGE = "ack"


def can_be_pressed(row: Row) -> bool:
    """Whether this runner can make the press of a row."""
    return row.submit.get("verb") == ACKNOWLEDGE and "incident" in row.submit


async def pressed(conversation: Conversation, row: Row) -> Result:
    """Press what the row tells, on the message of the incident."""
    incident = str(row.submit["incident"])
    data = {"incident": incident, "rev": 1}
    return await conversation.act(row.turn, ACKNOWLEDGE, data, f"posted-{incident}")
