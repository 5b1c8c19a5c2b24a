"""Whether a question is about a run beside the one that was shown, and what it asks of it."""

from collections.abc import Mapping
from typing import Any

from bot.agents.understanding.entities.filters import filters_in
from bot.agents.understanding.entities.run_steps import RunStep, Way, step_in
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHANGES, Intent
from bot.agents.understanding.text import points_back

# Only asked of a run that is known already.
OF_A_RUN = frozenset(
    {
        *(Intent.ERROR_TEXT, Intent.DETAILS, Intent.ACTIVITY_BREAKDOWN, Intent.FAILED_ACTIVITIES),
        *(Intent.SLOWEST_STEP, Intent.ROWS, Intent.COMPARE, Intent.HISTORY_OF_ERROR),
        *(Intent.NEXT_STEPS, Intent.STARTED_BY, Intent.LINK, Intent.WHAT_IF),
    }
)
# Asked of one run, whichever it is.
_OF_ONE_RUN = (OF_A_RUN - {Intent.COMPARE, Intent.HISTORY_OF_ERROR, Intent.WHAT_IF}) | {
    *(Intent.STATUS_ONE, Intent.LAST_TIME, Intent.WHY, Intent.DURATION, Intent.RUNS_LIST),
}
# So likely, the words are about something else than the run before; of orders less is enough.
LIKELY = 0.5
SURER = 0.7


def step_of(frame: Frame, memory: Mapping[str, Any]) -> RunStep | None:
    """The step to another run, where one run is asked about and nothing else surely."""
    slots = frame.slots
    if slots.run_ids or slots.short_run or slots.incidents or slots.pasted:
        return None
    enough = LIKELY if frame.intent in ACTS | CHANGES else SURER
    is_other = frame.intent not in _OF_ONE_RUN and frame.intent is not Intent.AGAIN
    if is_other and frame.confidence >= enough:
        return None
    step = step_in(
        frame.text,
        is_elsewhere=bool(memory.get("elsewhere")),
        is_first=bool(memory.get("broken")) and not memory.get("listed"),
    )
    is_of_another = slots.pipelines and slots.pipelines != (memory.get("pipeline"),)
    if is_of_another and (points_back(frame.masked) or (step and step.way is Way.ON)):
        return None  # "did orders run before it"
    return step


def intent_of_step(frame: Frame, memory: Mapping[str, Any]) -> Intent:
    """What is asked of the other run: what the words say, else what was asked of the last one."""
    before = str(memory.get("intent") or "")
    if filters_in(frame.masked).error:
        return Intent.ERROR_TEXT
    if frame.intent in _OF_ONE_RUN - {Intent.RUNS_LIST, Intent.LINK} and frame.confidence >= LIKELY:
        return frame.intent
    if frame.intent is Intent.COMPARE and frame.sure:
        return frame.intent  # a status of one of the two tells no difference
    carried = not frame.sure or frame.intent is Intent.RUNS_LIST
    known = before in {str(one) for one in _OF_ONE_RUN - {Intent.RUNS_LIST}}
    return Intent(before) if carried and known else Intent.STATUS_ONE
