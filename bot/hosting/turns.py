"""Builds the turns: who answers, what follows an answer, and what each button does."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.agents.answers import OfflineAgent
from bot.agents.approvals import PendingApprovals
from bot.agents.conversations import ModelConversations
from bot.agents.explainer import Explainer
from bot.agents.model import ModelAgent
from bot.agents.traces import Traces
from bot.hosting.container import BotContainer
from bot.hosting.model import ModelParts
from bot.messages import CardActionHandler
from bot.state.passing_rows import PassingRows
from bot.state.store import purge_quarantine
from bot.turns.answer import AnswerService
from bot.turns.approvals import ApprovalActions
from bot.turns.card_actions import CardActions, CardButtons
from bot.turns.card_edits import CardEdits
from bot.turns.cause_judgements import CauseJudgements, IncidentCard, ReportOf
from bot.turns.explain_action import ExplainAction
from bot.turns.explanations import ExplanationQueue
from bot.turns.handler import TurnHandler
from bot.turns.inbox import Inbox
from bot.turns.offers import SHARED_OFFERS, ExplanationOffers, SharedOffer
from bot.turns.question import QuestionBuilder
from bot.turns.recovery import ClaimRecovery
from bot.turns.streaming import StreamStarter
from bot.turns.trace_action import TraceAction


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnParts:
    """The turns, what resumes them, and what follows them where there is a language model."""

    turns: TurnHandler
    recovery: ClaimRecovery
    explanations: ExplanationQueue | None = None
    model: ModelAgent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _TurnSources:
    """What answers, explanations and buttons share."""

    inbox: Inbox
    approvals: PendingApprovals
    conversations: ModelConversations
    offers: ExplanationOffers
    questions: QuestionBuilder
    shared_offers: PassingRows[SharedOffer] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCauses:
    """Where a cause is read again that somebody judges, and the incident it stands on."""

    report_of: ReportOf
    incident_card: IncidentCard


@asynccontextmanager
async def open_turns(
    bot: BotContainer,
    inbox: Inbox,
    others: Sequence[CardButtons],
    model: ModelParts,
    judged: JudgedCauses,
) -> AsyncGenerator[TurnParts]:
    """Build the turns, and what explains their cards where there is a model; close both."""
    sources = _sources(bot, inbox, model)
    answers = _answers(bot, model, sources)
    async with AsyncExitStack() as stack:
        explanations = _explanations(bot, answers, model.explainer, sources)
        if explanations is not None:
            stack.push_async_callback(explanations.close)
        edits = _card_edits(bot, answers, sources)
        edit = edits.edit if explanations is None else None
        actions = _card_actions(
            bot,
            *others,
            _approval_actions(bot, sources),
            _explain_action(bot, explanations, sources),
            _trace_action(bot, model.traces),
            edits,
            _cause_judgements(bot, judged, edit),
        )
        if sources.shared_offers is not None:
            stack.push_async_callback(sources.shared_offers.close)
        turns = _turns(bot, actions, answers, explanations, sources)
        stack.push_async_callback(turns.close)
        recovery = ClaimRecovery(
            turns=turns,
            inbox=inbox,
            sender=bot.sender,
            clock=bot.clock,
            purge_more=lambda now: _purge(bot, model, sources, now),
            sleep=bot.replica.pause if bot.replica else asyncio.sleep,
        )
        yield TurnParts(
            turns=turns, recovery=recovery, explanations=explanations, model=model.model
        )


def _card_actions(bot: BotContainer, *buttons: CardButtons | None) -> CardActions:
    """What each button does; one pressed elsewhere than where its card stands is written down."""
    return CardActions(
        action_table(*buttons),
        lambda click: bot.audit.refused(
            click.speaker, click.address, right=click.verb, factory="", why="place"
        ),
    )


async def _purge(
    bot: BotContainer, model: ModelParts, sources: _TurnSources, now: datetime
) -> None:
    """Delete what nobody needs any more: rows set aside, mutes that are over, an old audit."""
    for passing in (model.shared_traces, sources.shared_offers):
        if passing is not None:
            await passing.purge()
    await bot.limits.purge()
    await purge_quarantine(bot.store, now)
    await bot.audit.purge(bot.setup.audit_days)
    await bot.state.mutes.forget_ended()


def action_table(*parts: CardButtons | None) -> Mapping[str, CardActionHandler]:
    """What each button does, by the verb on its card; some are there with a model only."""
    there = [one for one in parts if one is not None]
    return {verb: handler for part in there for verb, handler in part.handlers.items()}


def _sources(bot: BotContainer, inbox: Inbox, model: ModelParts) -> _TurnSources:
    shared = PassingRows(bot.store, SHARED_OFFERS, bot.clock) if bot.replica else None
    return _TurnSources(
        shared_offers=shared,
        inbox=inbox,
        approvals=model.approvals,
        conversations=model.conversations,
        offers=ExplanationOffers(clock=bot.clock, make_id=_random_id, shared=shared),
        questions=QuestionBuilder(
            policy=bot.policy,
            denials=bot.denials,
            zones=bot.zones,
            conversations=bot.state.conversations,
            clock=bot.clock,
        ),
    )


def _answers(bot: BotContainer, model: ModelParts, sources: _TurnSources) -> AnswerService:
    return AnswerService(
        agent=OfflineAgent(
            model.toolset.toolbox_for,
            model.toolset.pipelines_for,
            bot.policy.declared_names,
            model.toolset.others_for,
        ),
        questions=sources.questions,
        policy=bot.policy,
        denials=bot.denials,
        render=bot.render,
        explainer=model.explainer,
        approvals=sources.approvals,
        offers=sources.offers,
        turn_audit=model.turn_audit,
        traces=model.traces,
        limits=bot.limits,
        refresh=bot.state.verdicts.refresh,
    )


def _explanations(
    bot: BotContainer, answers: AnswerService, explainer: Explainer | None, sources: _TurnSources
) -> ExplanationQueue | None:
    if explainer is None:
        return None
    return ExplanationQueue(
        store=bot.store,
        explainer=explainer,
        answer_again=answers.answer_again,
        sender=bot.sender,
        render=bot.render,
        clock=bot.clock,
        approvals=sources.approvals,
        replica=bot.replica.name if bot.replica else "",
        is_gone=bot.replica.is_gone if bot.replica else _is_no_replica,
        refresh=bot.state.verdicts.refresh,
    )


def _approval_actions(bot: BotContainer, sources: _TurnSources) -> ApprovalActions:
    return ApprovalActions(
        approvals=sources.approvals,
        inbox=sources.inbox,
        render=bot.render,
        zones=bot.zones,
        clock=bot.clock,
    )


def _explain_action(
    bot: BotContainer, explanations: ExplanationQueue | None, sources: _TurnSources
) -> ExplainAction | None:
    if explanations is None:
        return None
    return ExplainAction(
        offers=sources.offers,
        questions=sources.questions,
        policy=bot.policy,
        denials=bot.denials,
        explanations=explanations,
    )


def _card_edits(bot: BotContainer, answers: AnswerService, sources: _TurnSources) -> CardEdits:
    return CardEdits(
        answers=answers,
        sender=bot.sender,
        conversations=bot.state.conversations,
        model_conversations=sources.conversations,
        offers=sources.offers,
    )


def _cause_judgements(
    bot: BotContainer, judged: JudgedCauses, edit: CardActionHandler | None
) -> CauseJudgements:
    """Without `edit` a card keeps the words that a model added, which would be asked for again."""
    return CauseJudgements(
        policy=bot.policy,
        denials=bot.denials,
        audit=bot.audit,
        verdicts=bot.state.verdicts,
        report_of=judged.report_of,
        incident_card=judged.incident_card,
        edit=edit,
        sender=bot.sender,
        clock=bot.clock,
    )


def _trace_action(bot: BotContainer, traces: Traces) -> TraceAction:
    return TraceAction(
        traces=traces,
        policy=bot.policy,
        denials=bot.denials,
        render=bot.render,
        zones=bot.zones,
        clock=bot.clock,
    )


def _turns(
    bot: BotContainer,
    actions: CardActions,
    answers: AnswerService,
    explanations: ExplanationQueue | None,
    sources: _TurnSources,
) -> TurnHandler:
    return TurnHandler(
        answers=answers,
        actions=actions,
        sender=bot.sender,
        inbox=sources.inbox,
        conversations=bot.state.conversations,
        rooms=bot.rooms,
        answered=bot.state.answered,
        model_conversations=sources.conversations,
        explanations=explanations,
        offers=sources.offers,
        streaming=StreamStarter(bot.sender) if explanations is not None else None,
        measure=bot.telemetry.turn,
        order=bot.replica.order if bot.replica else None,
    )


def _is_no_replica(replica: str) -> bool:
    """Nobody else answers, so what another process was doing is over."""
    del replica
    return True


def _random_id() -> str:
    return uuid.uuid4().hex
