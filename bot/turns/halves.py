"""A message that asks two things: what of it may be answered is, and the rest refused by name."""

from dataclasses import replace
from functools import reduce

from bot.access.denial import Denials
from bot.access.policy import Right
from bot.access.roles import Grant
from bot.agents.answers.combined import both_answers
from bot.agents.interface import Answer
from bot.messages import Message
from bot.turns.question import AskedQuestion
from cards.records import Denied


async def without_refused(
    answer: Answer, turn: AskedQuestion, message: Message, denials: Denials
) -> Answer:
    """The answer as it is, or without the halves that its reader has no right to.

    What was done for another half is on its card all the same: a refusal hides no change.
    """
    refused = [one for one in answer.halves if _is_refused(one, turn.grant)]
    if not refused:
        return answer
    cards = [await _refusal(one, turn, message, denials) for one in refused]
    permitted = [one for one in answer.halves if one not in refused]
    rest = [Answer(records=(card,), memory=answer.memory) for card in cards]
    whole = reduce(
        lambda both, one: both_answers(both, one, turn.question.zone), [*permitted, *rest]
    )
    return replace(whole, memory=answer.memory, halves=())


async def _refusal(half: Answer, turn: AskedQuestion, message: Message, denials: Denials) -> Denied:
    return await denials.refuse(
        message.speaker,
        message.address,
        turn.grant,
        asked=half.words or message.text,
        right=half.wants or Right.READ,
        factory=half.closed or None,
    )


def _is_refused(half: Answer, grant: Grant) -> bool:
    lacks = half.wants is not None and not grant.may(half.wants, grant.meant)
    return bool(half.closed) or lacks
