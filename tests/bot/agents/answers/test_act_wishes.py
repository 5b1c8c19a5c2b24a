"""Only what the words ask for becomes a card: an act of ours, on a thing of ours, now."""

import contextlib

import pytest

from adf.errors import AdfError
from cards.records import Denied, Picker, Problem
from tests.adf.test_runs import wire_run
from tests.bot.agents.answers.test_acts import proposals
from tests.bot.agents.answers.test_agent import BAD, GOOD, Room

_THINGS = ("Stock", "the Stock pipeline", "pipeline Stock")
_EDITS = (
    *("delete", "remove", "rename", "create", "edit", "modify", "change", "update", "clone"),
    *("copy", "deploy", "publish", "export", "import", "migrate", "replace", "merge", "revert"),
    *("restore", "retire", "archive", "purge", "decommission", "reindex", "re-index"),
    *("repartition", "reschedule", "rebuild", "recreate", "refactor", "rewrite", "reinstall"),
    *("reconfigure", "rescale", "revalidate", "recompile", "remap", "resize", "reassign"),
    *("refactor", "republish", "tear down", "lösche", "supprime", "elimina", "verwijder"),
)


def failed_room() -> Room:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales", status="Succeeded"))
    return room


@pytest.mark.parametrize("thing", _THINGS)
@pytest.mark.parametrize("lead", ["", "please ", "can you "])
async def test_a_verb_that_is_none_of_ours_gives_no_card_to_press_on(lead: str, thing: str) -> None:
    for verb in _EDITS:
        room = failed_room()
        with contextlib.suppress(AdfError):  # read as something that this room has no tool for
            await room.ask(f"{lead}{verb} {thing}")
        assert proposals(room) == [], verb


@pytest.mark.parametrize(
    "text",
    [
        "restart the bot",
        "restart the sql server",
        "kill the sql session that blocks Stock",
        "please execute the stored procedure of Stock",
        "restart my laptop",
        "stop the cluster of Stock",
        "cancel the meeting about Stock",
    ],
)
async def test_a_thing_that_is_none_of_ours_gives_no_card_to_press_on(text: str) -> None:
    room = failed_room()
    await room.ask(text)
    assert proposals(room) == []


async def test_deleting_is_refused_by_name_however_it_was_read() -> None:
    (denied,) = (await failed_room().ask("retire Stock")).records
    assert isinstance(denied, Denied)
    assert "delete" in denied.happened


@pytest.mark.parametrize(
    "later",
    [
        *("tomorrow", "in 10 minutes", "every hour", "at 6 am", "tonight"),
        *("once the gateway is back", "when Sales is done", "if it fails again"),
        *("as soon as the file is there", "unless Sales is green"),
    ],
)
async def test_a_rerun_for_later_is_not_proposed_now(later: str) -> None:
    room = failed_room()
    answer = await room.ask(f"rerun Stock {later}")
    assert proposals(room) == []
    (record,) = answer.records
    assert isinstance(record, Problem | Picker)


@pytest.mark.parametrize(
    "text",
    [
        *("rerun Stock, the sql server is back", "rerun Stock if you can", "restart Stock please"),
        *("run Stock again", "reuun Stock", "kick off Stock", "give Stock another go"),
        *("could you re-run Stock once more", "starte Stock nochmal", "relance Stock"),
        *("vuelve a ejecutar Stock", "rilancia Stock", "start Stock opnieuw"),
    ],
)
async def test_an_order_in_plain_words_is_proposed_or_asked_back_with_it(text: str) -> None:
    room = failed_room()
    answer = await room.ask(text)
    asked = [
        choice.question
        for one in answer.records
        if isinstance(one, Picker | Problem)
        for choice in one.choices
    ]
    assert proposals(room) or any("rerun" in one for one in asked), answer


async def test_the_run_of_the_time_that_was_said_is_meant() -> None:
    room = Room(["Stock"])
    old = {
        **wire_run(GOOD, "Stock"),
        "runStart": "2026-05-01T04:00:00Z",
        "runEnd": "2026-05-01T04:10:00Z",
        "lastUpdated": "2026-05-01T04:10:00Z",
    }
    room.has(wire_run(BAD, "Stock"), old)
    answer = await room.ask("rerun yesterday's Stock run")
    for arguments in proposals(room):
        assert arguments["run_id"] != BAD
    assert answer.records


@pytest.mark.parametrize(
    "text",
    [
        "cancel of a parent, does it take the childs down too? NOT doing it, only asking",
        "rerun of Stock, would it start from the beginning?",
        "will a cancel of Stock kill the children?",
        "does a rerun of Stock load everything twice?",
    ],
)
async def test_a_question_about_an_act_is_no_order_and_offers_none(text: str) -> None:
    room = failed_room()
    with contextlib.suppress(AdfError):
        answer = await room.ask(text)
        choices = [c for one in answer.records if isinstance(one, Picker) for c in one.choices]
        assert not [one for one in choices if one.question.startswith(("rerun", "cancel"))]
    assert proposals(room) == []


@pytest.mark.parametrize("text", ["could you rerun Stock?", "would you rerun Stock please?"])
async def test_a_polite_order_with_a_question_mark_stays_an_order(text: str) -> None:
    room = failed_room()
    await room.ask(text)
    assert proposals(room)


@pytest.mark.parametrize("verb", ["delete", "remove", "rename", "retire", "archive", "purge"])
@pytest.mark.parametrize("lead", ["I want you to ", "could you please ", "we need to "])
async def test_an_edit_offers_nothing_that_changes_what_the_bot_knows(lead: str, verb: str) -> None:
    room = failed_room()
    (record,) = (await room.ask(f"{lead}{verb} the Stock pipeline for good")).records
    offered = [one.question for one in getattr(record, "choices", ())]
    assert not [one for one in offered if "forget" in one or "unsubscribe" in one]
    assert proposals(room) == []
