"""Each question that a card suggests is answered by the card that it promises, anywhere."""

from pathlib import Path

import pytest

from cards import follow_ups as ups
from cards.gallery.samples import TYPICAL, drawn
from tests.advertised.phrases import questions_in
from tests.advertised.test_phrases import HOSPITAL, WORLD, World, demo, written
from tests.doubles.teams import Client

# What a question asks for, and the kind of card that is an answer to it.
ANSWERS = {
    ups.FAILED_BEFORE: "failure_card",
    ups.WHO_WAITS: "impact_card",
    ups.WHAT_CHANGED: "change_card",
    ups.TREND: "trend_card",
    ups.OWNER: "owner_card",
    ups.NEXT_RUN: "trigger_card",
    ups.WHAT_IT_DOES: "pipeline_card",
    ups.STATUS: "run_card",
    ups.ACTIVITIES: "activity_table",
    ups.AZURE: "health_card",
    ups.CHANGES: "change_card",
    ups.DEADLINES: "deadline_card",
    ups.NOT_RUN: "trigger_card",
    ups.RUNTIMES: "ir_card",
    ups.OPEN: "incident_card",
    ups.HANDOVER: "handover_card",
    ups.MUTED: "mute_card",
    ups.RUNNING: "status_list",
    ups.FAILED: "status_list",
    ups.OVERVIEW: "status_list",
    ups.EMPTY: "status_list",
}
# A card that asks for a decision, offers its own choices, or says why it cannot answer.
WITHOUT = {
    "run_card_of_an_act": "follows an act until it ends",
    "run_card_of_an_act_green": "follows an act until it ends",
    "approval_card": "waits for a yes",
    "audit_card": "says who did what",
    "board_card_ended": "is over, and says where it goes on",
    "confirm_card": "waits for a decision",
    "denied_card": "says who can help",
    "docs_answer": "links to its pages",
    "error_card": "offers to ask again",
    "help_card": "is made of questions",
    "picker_card": "is made of questions",
    "subscription_card": "offers to change alerts",
    "ticket_proposal": "waits for a decision",
    "trace_card": "shows how an answer was made",
    "usage_card": "shows what was used",
    "what_if": "offers the act",
    "write_up_card": "is a text to copy",
}


def test_each_card_suggests_two_or_three_questions_unless_it_asks_for_something_itself() -> None:
    few = {}
    for name, record in TYPICAL.items():
        card = drawn(record)
        asked = set(questions_in(card.content))
        if len(asked) < 2 and not {name, card.kind} & WITHOUT.keys():
            few[name] = asked
    assert few == {}


def test_at_most_three_are_suggested_and_none_that_the_card_asks_already() -> None:
    for name, record in TYPICAL.items():
        asked = [one.lower() for one in questions_in(drawn(record).content)]
        suggested = [one.lower() for one in ups.follow_ups(record)]
        assert sum(asked.count(one) for one in suggested) <= len(asked), name
        assert all(asked.count(one) <= 1 for one in suggested), name


def test_every_suggestion_is_one_that_is_asked_here() -> None:
    for record in TYPICAL.values():
        for question in ups.follow_ups(record):
            assert any(_fits(question, template) for template in ANSWERS), question


def _fits(question: str, template: str) -> bool:
    start, _, end = template.partition("{}")
    return question.startswith(start) and question.endswith(end)


async def _wrong(world: World) -> list[str]:
    client = Client(service_url=world.product.connector.url, name=world.who, zone="UTC")
    missed: list[str] = []
    for template, kind in ANSWERS.items():
        world.pass_time()
        before = len(world.product.cards)
        sent = await world.product.ask(client.personal(template.format(world.pipeline)))
        kinds = [one.kind for one in world.product.cards[before:]]
        about = "{}" not in template or world.pipeline in str(sent.card)
        if kinds != [kind] or not about:
            missed.append(f"{template}: {kinds}")
    return missed


async def test_each_suggestion_is_answered_by_its_card_in_the_demo(tmp_path: Path) -> None:
    async with demo(tmp_path) as world:
        assert await _wrong(world) == []


@pytest.mark.prove
@pytest.mark.parametrize("path", [WORLD, HOSPITAL], ids=["adf-prod", "hospital"])
async def test_each_suggestion_is_answered_by_its_card_elsewhere(
    path: Path, tmp_path: Path
) -> None:
    async with written(path, tmp_path) as world:
        assert await _wrong(world) == []
