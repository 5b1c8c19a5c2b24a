"""What rules are not sure of: a language model answers, and asks a person first where it must."""

from collections.abc import Sequence
from dataclasses import replace

from adf.records import RunList, RunReport
from bot.agents.answers.context import remembered
from bot.agents.approvals import PendingApprovals
from bot.agents.explainer import Explainer, ModelText, OnStep, RoutedQuestion
from bot.agents.interface import Answer, Memory, Question
from bot.messages import Message
from bot.turns.question import AskedQuestion
from bot.turns.result import Explainable, TurnResult
from cards.records import (
    Denied,
    DocsAnswer,
    Explanation,
    Help,
    Notice,
    Picker,
    Problem,
    ProposalReport,
)

# What tells nothing of a factory.
_NO_FACTS = Picker | Problem | Help | Notice | Denied
READ_BY_MODEL = "I was not sure what you meant; the language model read it"
# Models often think for half of that; the asker sits before the screen.
WAIT_SECONDS = 60.0


class ModelFallback:
    """Asks the model in the place of the rules."""

    def __init__(self, explainer: Explainer, approvals: PendingApprovals | None) -> None:
        """Borrow both; without `approvals` a call that needs one is denied."""
        self._explainer = explainer
        self._approvals = approvals

    async def withdraw(self, message: Message) -> None:
        """Deny what waits for an approval of somebody who writes on instead."""
        if self._approvals is not None and not message.decision:
            await self._approvals.withdraw(message)

    async def instead_of(
        self, answer: Answer, asked: AskedQuestion, message: Message, on_step: OnStep
    ) -> TurnResult:
        """The answer of the rules, with what the model adds to it.

        Only where it is open what is asked, what the model looked up takes its place. What code
        refused, or asked back about a name, is not for a model to decide. A card is shown at once,
        and words about it follow.
        """
        question = _grounded(asked.question, answer)
        if not answer.is_open:
            return _worded_later(answer, question)
        routed = await self._explainer.route(question, on_step)
        if routed and routed.records:
            return _routed(routed, question)
        if routed and routed.rejected:
            return TurnResult(answer=answer, before=question.memory)
        text = await self._explainer.ask(question, on_step, WAIT_SECONDS)
        takes_over = text.approvals or (text.looked_up and answer.is_open)
        result = await self._result(text, asked, message) if takes_over else None
        if result is not None:
            return result
        return _beside(answer, text, asked.question.memory)

    async def after_decision(
        self, asked: AskedQuestion, message: Message, on_step: OnStep
    ) -> TurnResult:
        """The model's answer once a person has decided."""
        text = await self._explainer.ask(asked.question, on_step, WAIT_SECONDS)
        result = await self._result(text, asked, message)
        return result or TurnResult(answer=text.answer, before=asked.question.memory)

    async def _result(
        self, text: ModelText, asked: AskedQuestion, message: Message
    ) -> TurnResult | None:
        """What the model came to; None when it has no answer."""
        if text.approvals and self._approvals is not None:
            return await self._waiting(text, asked, message, self._approvals)
        if text.failed:
            return None
        answer = text.answer
        if isinstance(answer.records[0], DocsAnswer):
            named = replace(answer.records[0], question=message.text)
            answer = replace(answer, records=(named, *answer.records[1:]))
        return TurnResult(
            answer=answer,
            before=asked.question.memory,
            explanation=_below_the_card(text),
            model_text=text.explanation.words,
        )

    async def _waiting(
        self, text: ModelText, asked: AskedQuestion, message: Message, approvals: PendingApprovals
    ) -> TurnResult:
        """What was looked up so far, and the card that asks for an approval."""
        looked_up = tuple(one for one in text.answer.records if not _is_model_text(one))
        record = await approvals.ask(message, text.approvals)
        return TurnResult(
            answer=Answer(records=(*looked_up, record), memory=text.answer.memory, sure=False),
            before=asked.question.memory,
            explanation=text.explanation if looked_up else None,
            model_text=text.explanation.words,
        )


def _grounded(question: Question, answer: Answer) -> Question:
    """The question with what the rules found, and what they think it may have meant."""
    choices = [
        choice.question
        for record in answer.records
        if isinstance(record, Picker | Problem)
        for choice in record.choices
    ]
    found = tuple(one for one in answer.records if not isinstance(one, _NO_FACTS))
    return replace(question, found=found, candidates=tuple(choices))


def _worded_later(answer: Answer, question: Question) -> TurnResult:
    """The answer of the rules; what code found is worded by an edit of its card."""
    before = question.memory
    if not question.found:
        return TurnResult(answer=answer, before=before)
    about = replace(question, memory=answer.memory)
    explainable = Explainable(question=about, note=answer.note, before=before)
    return TurnResult(answer=answer, before=before, explainable=explainable)


def _routed(routed: RoutedQuestion, question: Question) -> TurnResult:
    """What the chosen tool found, said to be the model's reading; words follow by an edit."""
    memory, records = remembered(question.memory, routed.records), routed.records
    answer = Answer(records=records, memory=memory, note=_read_as(records), sure=False)
    result = TurnResult(answer=answer, before=question.memory, is_routed=True)
    if isinstance(records[0], _NO_FACTS | ProposalReport):
        return result
    about = replace(question, records=records, memory=memory, candidates=())
    explainable = Explainable(question=about, note=answer.note, before=question.memory)
    return replace(result, explainable=explainable)


def _read_as(records: Sequence[object]) -> str:
    """One line on whose reading it is, since code was not sure."""
    names = dict.fromkeys(_subject(one) for one in records)
    said = " and ".join(one for one in names if one)
    return f"{READ_BY_MODEL} as a question about {said}." if said else f"{READ_BY_MODEL}."


def _subject(record: object) -> str:
    match record:
        case RunReport():
            return record.run.pipeline
        case RunList():
            return record.pipeline or ""
        case _:
            return ""


def _beside(answer: Answer, text: ModelText, before: Memory) -> TurnResult:
    """The answer of the rules; words of the model stand below its card, or below its text."""
    if answer.records:
        explanation, words = text.explanation, text.explanation.words
        return TurnResult(answer=answer, before=before, explanation=explanation, model_text=words)
    if text.failed:
        both = f"{answer.text or ''}\n\n{text.explanation.missing}".strip()
        return TurnResult(answer=replace(answer, text=both), before=before)
    worded = replace(text.answer, memory=answer.memory)
    return TurnResult(
        answer=worded,
        before=before,
        explanation=_below_the_card(text),
        model_text=text.explanation.words,
    )


def _is_model_text(record: object) -> bool:
    return isinstance(record, DocsAnswer) and record.generated


def _below_the_card(text: ModelText) -> Explanation:
    """What stands below the first card; where the text is the card, only what is missing of it."""
    explanation = text.explanation
    if _is_model_text(text.answer.records[0]):
        return Explanation(missing=explanation.missing, trace=explanation.trace)
    return explanation
