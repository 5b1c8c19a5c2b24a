"""Builds what changes Data Factory: proposals, presses on them, what follows an approval."""

import asyncio
import uuid
from dataclasses import dataclass

from adf.client.person_acts import PersonActs, person_wires
from adf.records import ActionKind, ActionTarget, PipelineNotes
from bot.actions.approval import ProposalApproval
from bot.actions.audit_report import AuditReports
from bot.actions.buttons import ProposalActions
from bot.actions.execution import Execution
from bot.actions.factory_actions import FactoryActions
from bot.actions.follow_up import FollowUp
from bot.actions.messages import ProposalMessages, ProposalRecords, waiting_entries
from bot.actions.ports import ActionPort
from bot.actions.press_rules import PressRules
from bot.actions.proposals import NeedsSecond, ProposalMaker, SecondPersonRules
from bot.actions.repository import ProposalRepository
from bot.hosting.container import BotContainer
from bot.tools.context import WaitingProposals


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionParts:
    """What turns, alerts and the application need of it."""

    maker: ProposalMaker
    audit: AuditReports
    buttons: ProposalActions
    messages: ProposalMessages
    follow_up: FollowUp
    waiting: WaitingProposals


def build_actions(
    bot: BotContainer, due: asyncio.Event, port: ActionPort | None = None
) -> ActionParts:
    """Build it; whoever waits for `due` has the messages edited that changed."""
    port = port or FactoryActions(bot.azure.factories, bot.azure.acts, bot.clock)
    proposals = ProposalRepository(bot.store)
    maker = _maker(bot, port, proposals)
    records = _records(bot, port, proposals)
    execution = _execution(bot, port, proposals)
    follow_up = FollowUp(
        port=port, proposals=proposals, execution=execution, on_change=due.set, clock=bot.clock
    )
    approval = ProposalApproval(
        port=port,
        proposals=proposals,
        maker=maker,
        execution=execution,
        records=records,
        rules=_rules(bot),
        make_request_id=lambda: str(uuid.uuid4()),
    )
    return ActionParts(
        maker=maker,
        audit=_audit_reports(bot),
        buttons=ProposalActions(
            approval=approval,
            follow_up=follow_up,
            render=bot.render,
            zones=bot.zones,
            clock=bot.clock,
            on_change=due.set,
        ),
        messages=_proposal_messages(bot, proposals, records),
        follow_up=follow_up,
        waiting=lambda factories: waiting_entries(proposals, factories, bot.clock()),
    )


def _audit_reports(bot: BotContainer) -> AuditReports:
    return AuditReports(
        audit=bot.audit, policy=bot.policy, factories=bot.azure.factories, clock=bot.clock
    )


def _proposal_messages(
    bot: BotContainer, proposals: ProposalRepository, records: ProposalRecords
) -> ProposalMessages:
    return ProposalMessages(
        proposals=proposals,
        records=records,
        render=bot.render,
        zones=bot.zones,
        clock=bot.clock,
    )


def _records(bot: BotContainer, port: ActionPort, proposals: ProposalRepository) -> ProposalRecords:
    return ProposalRecords(
        port,
        proposals,
        lambda alias, name: _notes(bot, alias, name),
        as_people=bot.people is not None,
    )


def _execution(bot: BotContainer, port: ActionPort, proposals: ProposalRepository) -> Execution:
    return Execution(
        port=port, proposals=proposals, audit=bot.audit, clock=bot.clock, people=_people(bot)
    )


def _people(bot: BotContainer) -> PersonActs | None:
    """Acts by people's own rights, where they sign in."""
    if bot.people is None:
        return None
    open_wire = person_wires(bot.setup.arm_url, bot.telemetry.arm_call)
    return PersonActs(bot.azure.acts, open_wire, bot.people.of)


def _maker(bot: BotContainer, port: ActionPort, proposals: ProposalRepository) -> ProposalMaker:
    return ProposalMaker(
        port=port,
        proposals=proposals,
        audit=bot.audit,
        second_person=SecondPersonRules(
            needed=_needs_second(bot),
            mass=bot.setup.mass_acts.get,
            break_glass=lambda alias: alias in bot.setup.break_glass,
        ),
        may_write=bot.setup.may_write,
        limits=bot.limits,
        clock=bot.clock,
        make_id=_random_id,
    )


def _rules(bot: BotContainer) -> PressRules:
    return PressRules(
        policy=bot.policy,
        denials=bot.denials,
        audit=bot.audit,
        zones=bot.zones,
        clock=bot.clock,
        limits=bot.limits,
        may_write=bot.setup.may_write,
    )


def _needs_second(bot: BotContainer) -> NeedsSecond:
    """A cancel of a critical pipeline, where the settings of its factory ask for it."""

    def needs_second(target: ActionTarget, pipeline: str) -> bool:
        is_needed = target.factory in bot.setup.second_person
        is_critical = _notes(bot, target.factory, pipeline).critical
        return is_needed and is_critical and target.kind is ActionKind.CANCEL

    return needs_second


def _notes(bot: BotContainer, alias: str, pipeline: str) -> PipelineNotes:
    known = (one for one in bot.setup.factories if one.alias == alias)
    factory = next(known, None)
    return factory.notes_for(pipeline) if factory else PipelineNotes()


def _random_id() -> str:
    return uuid.uuid4().hex
