"""What people ask, put together: who answers, and the turns."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.agents.answers import OfflineAgent
from bot.agents.explainer import Explainer
from bot.agents.model import ModelAgent
from bot.agents.traces import Traces
from bot.hosting.container import Container
from bot.hosting.model import ModelParts
from bot.turns.answer import AnswerService
from bot.turns.approvals import ApprovalPresses, Approvals
from bot.turns.explain_action import ExplainAction, ExplanationOffers
from bot.turns.explanations import ExplanationQueue
from bot.turns.handler import Presses, TurnHandler
from bot.turns.inbox import Inbox
from bot.turns.question import QuestionBuilder
from bot.turns.streaming import StreamStarter
from bot.turns.trace_action import TraceAction


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnParts:
    """The turns, and what follows them where there is a language model."""

    turns: TurnHandler
    second: ExplanationQueue | None = None
    model: ModelAgent | None = None


@asynccontextmanager
async def open_asked(
    parts: Container, inbox: Inbox, presses: Presses, wording: ModelParts
) -> AsyncGenerator[TurnParts]:
    """The turns over these parts, and what explains their cards where there is a model."""
    approvals = Approvals(store=parts.store, clock=parts.clock, make_id=lambda: uuid.uuid4().hex)
    offers = ExplanationOffers(clock=parts.clock, make_id=lambda: uuid.uuid4().hex)
    questions = _questions(parts)
    answering = _answering(parts, wording, questions, approvals, offers)
    second = _second(parts, answering, wording.explainer, approvals)
    turns: TurnHandler | None = None
    try:
        presses = ApprovalPresses(
            approvals=approvals,
            claims=inbox,
            draw=parts.draw,
            zone_of=parts.zone_of,
            others=presses,
            clock=parts.clock,
        )
        if second is not None and wording.traces is not None:
            shown = _trace_presses(parts, wording.traces, presses)
            presses = ExplainAction(
                offers=offers,
                questions=questions,
                people=parts.people,
                refusals=parts.refusals,
                second=second,
                others=shown,
            )
        turns = _turns(parts, inbox, presses, answering, second)
        yield TurnParts(turns=turns, second=second, model=wording.model)
    finally:
        if turns is not None:
            await turns.close()
        if second is not None:
            await second.close()


def _questions(parts: Container) -> QuestionBuilder:
    return QuestionBuilder(
        people=parts.people,
        refusals=parts.refusals,
        rooms=parts.rooms,
        memories=parts.memories,
        clock=parts.clock,
        zone=parts.setup.zone,
    )


def _answering(
    parts: Container,
    wording: ModelParts,
    questions: QuestionBuilder,
    approvals: Approvals,
    offers: ExplanationOffers,
) -> AnswerService:
    return AnswerService(
        agent=OfflineAgent(wording.tooling.toolbox_for, wording.tooling.inventory),
        questions=questions,
        people=parts.people,
        refusals=parts.refusals,
        draw=parts.draw,
        explainer=wording.explainer,
        approvals=approvals,
        offers=offers,
    )


def _second(
    parts: Container, answering: AnswerService, explainer: Explainer | None, approvals: Approvals
) -> ExplanationQueue | None:
    if explainer is None:
        return None
    return ExplanationQueue(
        store=parts.store,
        explainer=explainer,
        answers=answering,
        sender=parts.sender,
        draw=parts.draw,
        clock=parts.clock,
        approvals=approvals,
    )


def _trace_presses(parts: Container, traces: Traces, others: Presses) -> TraceAction:
    return TraceAction(
        traces=traces,
        people=parts.people,
        refusals=parts.refusals,
        draw=parts.draw,
        zone_of=parts.zone_of,
        clock=parts.clock,
        others=others,
    )


def _turns(
    parts: Container,
    inbox: Inbox,
    presses: Presses,
    answering: AnswerService,
    second: ExplanationQueue | None,
) -> TurnHandler:
    return TurnHandler(
        answers=answering,
        presses=presses,
        second=second,
        streaming=StreamStarter(parts.sender) if second is not None else None,
        sender=parts.sender,
        inbox=inbox,
        memories=parts.memories,
        rooms=parts.rooms,
        answered=parts.answered,
        clock=parts.clock,
    )
