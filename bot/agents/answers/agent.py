"""The agent that needs no language model: understands, calls the tools, answers with records."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from adf.records import Pipeline
from adf.tool import Toolbox
from bot.agents.answers import (
    act_targets,
    act_wishes,
    acts,
    boards,
    bot,
    changes,
    clarify,
    deadlines,
    digests,
    failures,
    handover,
    incidents,
    lineage,
    mutes,
    quality,
    queues,
    reminders,
    run_before,
    schedules,
    status,
    subscribing,
    tickets,
    trends,
    what_if,
    write_ups,
)
from bot.agents.answers.about_answers import about_answers
from bot.agents.answers.combined import answer_to_all
from bot.agents.answers.context import AnswerContext
from bot.agents.answers.docs import from_the_docs
from bot.agents.answers.other_names import (
    OtherNamesFor,
    may_name_a_thing,
    named_in_full,
    of_a_part,
    readable,
)
from bot.agents.answers.permitted import ABOUT_INCIDENTS, may_be_said, refuse_closed, refuse_details
from bot.agents.answers.reading import (
    LISTENING,
    inventory_of,
    of_a_thing,
    parts_of,
    read_question,
)
from bot.agents.answers.unavailable import UNAVAILABLE, edit
from bot.agents.interface import Answer, Progress, Question, Step, ToolboxFor
from bot.agents.recording import note_reading
from bot.agents.understanding.conversation import subject_of
from bot.agents.understanding.entities.limits import ordinal_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import NO_ANSWER, PROPOSED, Intent
from bot.agents.understanding.picks import picked

Pipelines = Callable[[Question], Awaitable[Sequence[Pipeline]]]
"""The pipelines of every factory that may be asked about in a question."""
Answering = Callable[[AnswerContext], Awaitable[Answer]]

_ANSWERS: Mapping[Intent, Answering] = {
    Intent.STATUS_ONE: status.status,
    Intent.LAST_TIME: status.last_time,
    Intent.STARTED_BY: status.started_by,
    Intent.OVERVIEW: status.overview,
    Intent.CRITICAL_OVERVIEW: status.overview,
    Intent.FAILURES_LIST: status.failures,
    Intent.RUNNING_NOW: queues.running,
    Intent.STUCK_RUNS: queues.stuck,
    Intent.QUEUE_WHY: queues.queue,
    Intent.RUNS_LIST: status.runs_of,
    Intent.LINK: status.status,
    Intent.PIPELINES_LIST: status.inventory,
    Intent.WHY: failures.why,
    Intent.ERROR_TEXT: failures.why,
    Intent.NEXT_STEPS: failures.next_steps,
    Intent.DETAILS: failures.details,
    Intent.ACTIVITY_BREAKDOWN: failures.details,
    Intent.FAILED_ACTIVITIES: failures.details,
    Intent.SLOWEST_STEP: failures.details,
    Intent.ROWS: failures.details,
    Intent.DATA_QUALITY: quality.quality,
    Intent.HISTORY_OF_ERROR: failures.history,
    Intent.DURATION: trends.how_long,
    Intent.TREND: trends.trend,
    Intent.WORST_OFFENDERS: trends.trend,
    Intent.FAILURES_BY_DAY: trends.trend,
    Intent.COMPARE: trends.compare,
    Intent.DOCS_ERROR: failures.about_an_error,
    Intent.DOCS_HOWTO: from_the_docs,
    Intent.HELP: bot.helping,
    Intent.SETUP: bot.about_data,
    Intent.WHOAMI: bot.about_asker,
    Intent.USAGE: bot.usage,
    Intent.RESET: bot.reset,
    Intent.FORGET_ME: bot.forget_me,
    Intent.SUBSCRIBE: subscribing.subscribe,
    Intent.UNSUBSCRIBE: subscribing.unsubscribe,
    Intent.LIST_SUBSCRIPTIONS: mutes.subscriptions,
    Intent.ACK: incidents.acknowledge,
    Intent.RESOLVE: incidents.resolve,
    Intent.ASSIGN: incidents.assign,
    Intent.INCIDENTS_LIST: incidents.incidents_list,
    Intent.INCIDENT_STATUS: incidents.incident_status,
    Intent.REGROUP_INCIDENT: incidents.regroup,
    Intent.MUTE: mutes.mute,
    Intent.UNMUTE: mutes.unmute,
    Intent.TICKET: tickets.ticket,
    Intent.HANDOVER: handover.handover,
    Intent.BUSINESS_SUMMARY: handover.business_summary,
    Intent.BIND_ROOM: bot.bind,
    Intent.DIGEST: digests.digest,
    Intent.BOARD: boards.board,
    Intent.SMALLTALK: bot.chat,
    Intent.AFFIRM: bot.nothing_to_confirm,
    Intent.DECLINE: bot.nothing_to_confirm,
    Intent.INJECTION: bot.hidden,
    Intent.OUT_OF_SCOPE: bot.not_mine,
    Intent.SLA_ETA: deadlines.in_time,
    Intent.IMPACT: lineage.impact,
    Intent.USES: lineage.uses,
    Intent.DESCRIBE: lineage.describe,
    Intent.OWNER: lineage.owner,
    Intent.EDIT: edit,
    Intent.CHANGE_LOG: changes.changes,
    Intent.AZURE_OUTAGE: changes.outage,
    Intent.TRIGGER_LIST: schedules.triggers,
    Intent.TRIGGER_DID_RUN: schedules.triggers,
    Intent.MISSED_RUNS: schedules.missed,
    Intent.RUNTIME_STATUS: schedules.runtimes,
    Intent.RERUN: acts.rerun,
    Intent.RERUN_FROM_FAILED: acts.rerun,
    Intent.CANCEL: acts.cancel,
    Intent.TRIGGER_START: acts.switch_trigger,
    Intent.TRIGGER_STOP: acts.switch_trigger,
    Intent.WHAT_IF: what_if.what_if,
    Intent.AUDIT: what_if.audit,
}
_OF_SHIFTS = frozenset({Intent.HANDOVER, Intent.BUSINESS_SUMMARY, Intent.DIGEST, Intent.BOARD})
# What is answered whatever it is about: names in it are not asked back.
_OF_NOTHING = (
    UNAVAILABLE
    | PROPOSED
    | {
        Intent.AUDIT,
        *(Intent.HELP, Intent.SETUP, Intent.WHOAMI, Intent.USAGE, Intent.RESET, Intent.SMALLTALK),
        *(
            Intent.LIST_SUBSCRIPTIONS,
            Intent.BIND_ROOM,
            Intent.FORGET_ME,
            Intent.AFFIRM,
            Intent.DECLINE,
        ),
        *(Intent.TRIGGER_LIST, Intent.TRIGGER_DID_RUN, Intent.MISSED_RUNS, Intent.RUNTIME_STATUS),
        *(Intent.INJECTION, Intent.OUT_OF_SCOPE, Intent.DOCS_ERROR, Intent.DOCS_HOWTO, Intent.USES),
        *(Intent.CHANGE_LOG, Intent.WHAT_IF, Intent.AZURE_OUTAGE),
    }
)


class OfflineAgent:
    """Answers from the words alone, with the tools of the toolbox."""

    def __init__(
        self,
        toolbox_for: ToolboxFor,
        pipelines: Pipelines,
        people: Sequence[str] = (),
        others: OtherNamesFor | None = None,
    ) -> None:
        """Borrow the tools for each question, the pipelines that exist, and other known names."""
        self._toolbox_for = toolbox_for
        self._pipelines = pipelines
        self._people = people
        self._others = others

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield what is being done, then the answer; raises the AdfError of a tool."""
        yield Progress(doing="Reading Data Factory")
        pipelines = await self._pipelines(question)
        chosen = picked(question.text, ordinal_in(question.text), question.memory)
        question = replace(question, text=chosen) if chosen else question
        names = inventory_of(question, pipelines, self._people)
        tools = self._toolbox_for(question).reading_once()
        frame = await read_question(question, names, tools)
        if not frame.slots.names_something and frame.slots.ignored:
            frame = of_a_part(frame, question, names)
        leaning = of_a_thing(frame, question, names)
        frame = leaning or frame
        if self._others is not None and leaning is None and may_name_a_thing(frame):
            frame = named_in_full(frame, question, names, await readable(self._others, question))
        # A button asks one thing: what else stands in it is a name that somebody chose.
        note_reading(str(frame.intent), frame.confidence)
        parts = parts_of(replace(frame, second=None) if question.pressed else frame)
        for part in parts[1:]:
            note_reading(str(part.intent), part.confidence)

        async def answer(part: Frame, leaning: Question) -> Answer:
            refuse_closed(leaning, part)
            return await _answered(self._context(part, leaning, tools, pipelines))

        yield await answer_to_all(question, parts, answer)

    def _context(
        self, frame: Frame, question: Question, tools: Toolbox, pipelines: Sequence[Pipeline]
    ) -> AnswerContext:
        return AnswerContext(
            question=question,
            tools=tools,
            frame=frame,
            subject=subject_of(frame, question.memory, question.factory, pipelines),
            pipelines=pipelines,
            people=self._people,
        )


async def _answered(turn: AnswerContext) -> Answer:
    """Answer what is sure, ask back what is not; a refusal needs no certainty."""
    intent = turn.intent
    refuse_details(turn)
    named = await act_targets.by_whole_id(turn)
    if isinstance(named, Answer):
        return named
    turn = named
    early = await _read_otherwise(turn)
    if early is not None:
        return early
    about_time = intent not in ABOUT_INCIDENTS and deadlines.is_about_time(turn)
    if about_time and turn.settled:
        return await deadlines.in_time(turn)
    if act_wishes.is_an_edit(turn):
        return await edit(turn)
    if turn.subject.missing and clarify.nothing_was_said(turn):
        return await clarify.which_stands_out(turn)
    back = act_wishes.order_with_a_condition(turn) or _unclear(turn)
    if back is not None:
        return back
    other = await act_wishes.not_an_act(turn) if intent in PROPOSED | {Intent.UNSUBSCRIBE} else None
    return other or await _ANSWERS[intent](turn)


def _unclear(turn: AnswerContext) -> Answer | None:
    """What is unclear about a question, before anything is looked up."""
    intent = turn.intent
    if intent not in _OF_NOTHING | ABOUT_INCIDENTS | _OF_SHIFTS and not _is_wish_for_all(turn):
        back = clarify.unclear(turn)
        if back is not None:
            return back
    if not turn.settled and not may_be_said(turn.frame, intent):
        return clarify.readings(turn, wish=subscribing.wished(turn))
    if _is_unsettled(turn):
        return clarify.readings(turn)
    return None


async def _read_otherwise(turn: AnswerContext) -> Answer | None:
    """The answer to what its words make something else than the intent alone says."""
    unheard = None if turn.intent in LISTENING else subscribing.wish_or_question(turn)
    unheard = unheard or about_answers(turn) or bot.typed_approval(turn)
    if unheard is not None:
        return unheard
    is_step = turn.subject.step is not None and turn.intent is not Intent.COMPARE
    if is_step and turn.subject.step and turn.pipeline and not turn.unclear:
        return await run_before.other_run(turn, turn.subject.step)
    if act_wishes.is_for_all_failed(turn):
        order = replace(turn, subject=replace(turn.subject, intent=Intent.RERUN))
        return await acts.rerun(order)
    if digests.is_on_schedule(turn):
        return await digests.digest(turn)
    if reminders.is_wanted(turn):
        return reminders.refuse(turn)
    of_a_time = turn.frame.slots.time.given
    if write_ups.is_wanted(turn.intent, turn.frame.text, of_a_time=of_a_time):
        return await write_ups.write_up(turn)
    return await lineage.uses(turn) if lineage.is_about_users(turn) else None


def _is_unsettled(turn: AnswerContext) -> bool:
    """Whether the likely readings are offered instead of an answer to the first."""
    return turn.intent in NO_ANSWER and turn.intent not in _ANSWERS


def _is_wish_for_all(turn: AnswerContext) -> bool:
    """Whether something is wished of everything: no word of it has to be a pipeline's name."""
    if turn.intent not in LISTENING:
        return False
    names = turn.frame.slots.pipelines or (turn.unclear and not subscribing.is_of_all(turn))
    return not names and bool(subscribing.wished(turn))
