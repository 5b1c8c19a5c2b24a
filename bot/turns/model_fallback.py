"""What rules are not sure of: a language model answers, and asks a person first where it must."""

from dataclasses import dataclass, replace

from bot.agents.explainer import Explainer, ModelText, OnStep
from bot.agents.interface import Answer
from bot.messages import Message
from bot.turns.approvals import Approvals
from bot.turns.question import AskedQuestion
from cards.records import DocsAnswer, Explanation

# Models often think half of that; whoever asked sits before the screen.
WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """An answer as it may be shown, with words below its first card where a model has found it.

    `words` are all that the model said, for whoever read them as they came.
    """

    answer: Answer
    explanation: Explanation | None = None
    words: str = ""


class ModelFallback:
    """Asks the model in the place of the rules."""

    def __init__(self, explainer: Explainer, approvals: Approvals | None) -> None:
        """Borrow both; without `approvals` a call that waits for a yes has had a no."""
        self._explainer = explainer
        self._approvals = approvals

    async def withdraw(self, message: Message) -> None:
        """Whoever writes on has said no to what waited."""
        if self._approvals is not None and not message.decision:
            await self._approvals.withdraw(message)

    async def instead_of(
        self, answer: Answer, asked: AskedQuestion, message: Message, on_step: OnStep
    ) -> ShownAnswer:
        """The model's answer; without one, that of the rules, with a line on why."""
        worded = await self._explainer.word(asked.question, on_step, WAIT_SECONDS)
        found = await self._found(worded, message)
        if found is not None:
            return found
        if answer.records:
            return ShownAnswer(answer=answer, explanation=worded.explanation)
        said = f"{answer.text or ''}\n\n{worded.explanation.missing}".strip()
        return ShownAnswer(answer=replace(answer, text=said))

    async def after(self, asked: AskedQuestion, message: Message, on_step: OnStep) -> ShownAnswer:
        """The model's answer once a person has decided."""
        worded = await self._explainer.word(asked.question, on_step, WAIT_SECONDS)
        return await self._found(worded, message) or ShownAnswer(answer=worded.answer)

    async def _found(self, worded: ModelText, message: Message) -> ShownAnswer | None:
        if worded.approvals and self._approvals is not None:
            return await self._asking(worded, message, self._approvals)
        if worded.failed:
            return None
        answer = worded.answer
        if isinstance(answer.records[0], DocsAnswer):
            named = replace(answer.records[0], question=message.text)
            answer = replace(answer, records=(named, *answer.records[1:]))
        return ShownAnswer(
            answer=answer, explanation=_beside(worded), words=worded.explanation.words
        )

    async def _asking(
        self, worded: ModelText, message: Message, approvals: Approvals
    ) -> ShownAnswer:
        """What was looked up so far, and the card that asks for a yes."""
        looked_up = tuple(one for one in worded.answer.records if not _is_words(one))
        record = await approvals.ask(message, worded.approvals)
        answer = Answer(records=(*looked_up, record), memory=worded.answer.memory, sure=False)
        words = worded.explanation.words
        return ShownAnswer(
            answer=answer, explanation=worded.explanation if looked_up else None, words=words
        )


def _is_words(record: object) -> bool:
    return isinstance(record, DocsAnswer) and record.generated


def _beside(worded: ModelText) -> Explanation:
    """What stands below the first card; of an answer of words alone, what is missing of them."""
    if _is_words(worded.answer.records[0]):
        told = worded.explanation
        return Explanation(missing=told.missing, trace=told.trace)
    return worded.explanation
