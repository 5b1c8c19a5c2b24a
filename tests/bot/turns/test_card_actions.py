"""Each button has one handler, found by its verb; a verb that nobody handles is refused."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.actions.buttons import ProposalActions
from bot.alerts.incident_actions import IncidentActions
from bot.alerts.incident_forms import IncidentForms
from bot.hosting.turns import action_table
from bot.messages import ASK_VERB, CardClick, PressResult
from bot.teams.replies import at_place
from bot.tickets.buttons import TicketActions
from bot.turns.approvals import ApprovalActions
from bot.turns.card_actions import ELSEWHERE, TOO_OLD, CardActions, question_of
from bot.turns.card_edits import CardEdits
from bot.turns.cause_judgements import CauseJudgements
from bot.turns.explain_action import ExplainAction
from bot.turns.trace_action import TraceAction
from cards.gallery.samples import gallery
from tests.bot.turns.test_handler import LEE, NOW, THREAD
from tests.cards.judges import walk

UNUSED = cast("Any", None)
INCIDENTS = IncidentActions(
    policy=UNUSED, denials=UNUSED, find=UNUSED, acknowledge=UNUSED, resolve=UNUSED, render=UNUSED
)
APPROVALS = ApprovalActions(
    approvals=UNUSED, inbox=UNUSED, render=UNUSED, zones=UNUSED, clock=UNUSED
)
EXPLAIN = ExplainAction(
    offers=UNUSED, questions=UNUSED, policy=UNUSED, denials=UNUSED, explanations=UNUSED
)
TRACE = TraceAction(
    traces=UNUSED, policy=UNUSED, denials=UNUSED, render=UNUSED, zones=UNUSED, clock=UNUSED
)
PROPOSALS = ProposalActions(
    approval=UNUSED, follow_up=UNUSED, render=UNUSED, zones=UNUSED, clock=UNUSED, on_change=UNUSED
)
TICKETS = TicketActions(
    rules=UNUSED,
    tickets=UNUSED,
    records=UNUSED,
    opening=UNUSED,
    follow_up=UNUSED,
    render=UNUSED,
    zones=UNUSED,
    system="",
    make_key=UNUSED,
)
FORMS = IncidentForms(context_for=UNUSED, render=UNUSED)
EDITS = CardEdits(
    answers=UNUSED, sender=UNUSED, conversations=UNUSED, model_conversations=UNUSED, offers=UNUSED
)
JUDGEMENTS = CauseJudgements(
    policy=UNUSED,
    denials=UNUSED,
    audit=UNUSED,
    verdicts=UNUSED,
    report_of=UNUSED,
    incident_card=UNUSED,
    edit=UNUSED,
    sender=UNUSED,
    clock=UNUSED,
)
OTHERS = (INCIDENTS, FORMS, PROPOSALS, TICKETS, APPROVALS, EDITS, JUDGEMENTS)
TABLE = action_table(*OTHERS, EXPLAIN, TRACE)
# On cards that no tool makes yet; who adds the tool registers the button.
PLANNED: set[str] = set()


def click(verb: str, **data: object) -> CardClick:
    return CardClick(
        click_id="c",
        verb=verb,
        data=data,
        speaker=LEE,
        address=THREAD,
        at=NOW,
        on_message="message-7",
    )


def verbs_on_cards() -> set[str]:
    """The verbs of all buttons of the gallery."""
    nodes = [node for sample in gallery() for _, node in walk(sample.card.content)]
    return {str(node["verb"]) for node in nodes if node.get("type") == "Action.Execute"}


def test_every_button_on_a_card_has_a_handler_and_every_handler_a_button() -> None:
    assert verbs_on_cards() - PLANNED == TABLE.keys() | {ASK_VERB}


def test_without_a_language_model_its_buttons_have_no_handler() -> None:
    without = action_table(*OTHERS, None, None)
    assert without.keys() == TABLE.keys() - {"explain", "trace"}


def test_no_two_handlers_share_a_verb() -> None:
    parts = (*OTHERS, EXPLAIN, TRACE)
    assert len(TABLE) == sum(len(one.handlers) for one in parts)


async def test_a_press_goes_to_the_handler_of_its_verb_with_all_it_carries() -> None:
    seen: list[CardClick] = []

    async def handler(pressed: CardClick) -> PressResult:
        seen.append(pressed)
        return PressResult(words="done")

    actions = CardActions({"ack": handler})
    assert await actions.handle(click("ack", incident="INC-7")) == PressResult(words="done")
    assert seen == [click("ack", incident="INC-7")]


@pytest.mark.parametrize("verb", ["", "ACK", "ack ", "approve", "__class__"])
async def test_a_verb_that_nobody_handles_is_refused_in_one_sentence(verb: str) -> None:
    async def handler(pressed: CardClick) -> PressResult:
        raise AssertionError("another button")

    assert await CardActions({"ack": handler}).handle(click(verb)) == PressResult(words=TOO_OLD)


def test_a_button_that_asks_is_a_question_of_the_person_who_pressed() -> None:
    question = question_of(click("ask", question="why"))
    assert question is not None
    assert (question.text, question.speaker, question.message_id) == ("why", LEE, "message-7")


@pytest.mark.parametrize(
    ("verb", "data"),
    [("ask", {}), ("ask", {"question": 7}), ("ask", {"question": " "}), ("ack", {"question": "a"})],
)
def test_any_other_button_is_no_question(verb: str, data: dict[str, object]) -> None:
    assert question_of(click(verb, **data)) is None


async def test_a_card_has_no_power_outside_of_the_room_it_was_sent_to() -> None:
    seen: list[CardClick] = []
    refused: list[CardClick] = []

    async def handler(pressed: CardClick) -> PressResult:
        seen.append(pressed)
        return PressResult(words="done")

    async def write_down(pressed: CardClick) -> None:
        refused.append(pressed)

    actions = CardActions({"ack": handler}, write_down)
    here = click("ack", incident="INC-7", place=THREAD.place)
    elsewhere = click("ack", incident="INC-7", place="of another room")
    assert await actions.handle(elsewhere) == PressResult(words=ELSEWHERE)
    assert (seen, refused) == ([], [elsewhere])
    assert await actions.handle(here) == PressResult(words="done")


def test_every_button_that_does_something_is_marked_with_the_room_and_no_question_is() -> None:
    for sample in gallery():
        marked = at_place(sample.card.content, "here")
        for _, node in walk(marked):
            if node.get("type") in {"Action.Execute", "Action.Submit"}:
                data = node.get("data", {})
                verb = node.get("verb") or data.get("verb")
                assert (data.get("place") == "here") == (verb not in {None, ASK_VERB})


def test_threads_of_a_room_share_its_place() -> None:
    root = replace(THREAD, conversation=THREAD.room)
    assert root.place == THREAD.place
    assert replace(THREAD, conversation="19:other@thread.tacv2").place != THREAD.place
