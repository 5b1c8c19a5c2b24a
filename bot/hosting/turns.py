"""What people ask, put together: who answers, and the turns."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.agents.answers import OfflineAgent
from bot.agents.explainer import Explainer
from bot.agents.model import ModelAgent
from bot.agents.traces import Traces
from bot.hosting.container import Parts
from bot.hosting.model import Wording
from bot.turns.answer import Answering
from bot.turns.approvals import ApprovalPresses, Approvals
from bot.turns.explain_action import ExplainPresses, Offers
from bot.turns.explanations import Second
from bot.turns.handler import Presses, Turns
from bot.turns.inbox import Inbox
from bot.turns.question import Questions
from bot.turns.streaming import Streaming
from bot.turns.trace_action import TracePresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The turns, and what follows them where there is a language model."""

    turns: Turns
    second: Second | None = None
    model: ModelAgent | None = None


@asynccontextmanager
async def open_asked(
    parts: Parts, inbox: Inbox, presses: Presses, wording: Wording
) -> AsyncGenerator[Asked]:
    """The turns over these parts, and what explains their cards where there is a model."""
    approvals = Approvals(store=parts.store, clock=parts.clock, make_id=lambda: uuid.uuid4().hex)
    offers = Offers(clock=parts.clock, make_id=lambda: uuid.uuid4().hex)
    questions = _questions(parts)
    answering = _answering(parts, wording, questions, approvals, offers)
    second = _second(parts, answering, wording.explainer, approvals)
    turns: Turns | None = None
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
            presses = ExplainPresses(
                offers=offers,
                questions=questions,
                people=parts.people,
                refusals=parts.refusals,
                second=second,
                others=shown,
            )
        turns = _turns(parts, inbox, presses, answering, second)
        yield Asked(turns=turns, second=second, model=wording.model)
    finally:
        if turns is not None:
            await turns.close()
        if second is not None:
            await second.close()


def _questions(parts: Parts) -> Questions:
    return Questions(
        people=parts.people,
        refusals=parts.refusals,
        rooms=parts.rooms,
        memories=parts.memories,
        clock=parts.clock,
        zone=parts.setup.zone,
    )


def _answering(
    parts: Parts, wording: Wording, questions: Questions, approvals: Approvals, offers: Offers
) -> Answering:
    return Answering(
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
    parts: Parts, answering: Answering, explainer: Explainer | None, approvals: Approvals
) -> Second | None:
    if explainer is None:
        return None
    return Second(
        store=parts.store,
        explainer=explainer,
        answers=answering,
        sender=parts.sender,
        draw=parts.draw,
        clock=parts.clock,
        approvals=approvals,
    )


def _trace_presses(parts: Parts, traces: Traces, others: Presses) -> TracePresses:
    return TracePresses(
        traces=traces,
        people=parts.people,
        refusals=parts.refusals,
        draw=parts.draw,
        zone_of=parts.zone_of,
        clock=parts.clock,
        others=others,
    )


def _turns(
    parts: Parts, inbox: Inbox, presses: Presses, answering: Answering, second: Second | None
) -> Turns:
    return Turns(
        answers=answering,
        presses=presses,
        second=second,
        streaming=Streaming(parts.sender) if second is not None else None,
        sender=parts.sender,
        inbox=inbox,
        memories=parts.memories,
        rooms=parts.rooms,
        answered=parts.answered,
        clock=parts.clock,
    )
