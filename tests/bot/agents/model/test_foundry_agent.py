"""A Foundry agent is defined once, known again by its definition, and called by its version."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.agents.foundry import FoundryAgent, Project
from bot.agents.foundry.agent import definition_of
from bot.agents.foundry.versions import HASH, ensured_version, hash_of
from bot.agents.model import FailureKind
from bot.agents.model.errors import ModelFailure
from tests.bot.agents.model.room import TOOLS, Room, room_with
from tests.doubles.foundry import TROUBLES, EveryTurn, Fault, says
from tests.doubles.foundry.clients import project_of
from tests.doubles.foundry.schemas import check_tools

HELLO = EveryTurn([says("Hello.")])


def another(room: Room, model: str) -> FoundryAgent:
    """A second bot on the same project."""
    project = Project(endpoint=room.double.project, model=model)
    return FoundryAgent(project, room.toolbox, room.inventory, tools=TOOLS)


def versions(room: Room) -> list[str]:
    """The models of the agent's versions, oldest first."""
    return [one["definition"]["model"] for one in room.double.agents.kept["adf-ops"].versions]


async def test_an_agent_that_is_as_it_should_be_is_not_defined_again() -> None:
    async with room_with(HELLO) as room:
        await room.agent.open()
        other = another(room, "gpt-5.4-mini")
        await other.open()
        await other.close()
        assert versions(room) == ["gpt-5.4-mini"]
        asked = [one.path for one in room.double.asked if "/agents/" in one.path]
        assert len(asked) == 3


async def test_a_change_makes_a_new_version_and_a_return_uses_the_old_one() -> None:
    async with room_with(HELLO) as room:
        await room.agent.open()
        for model in ("gpt-next", "gpt-5.4-mini"):
            other = another(room, model)
            await other.open()
            async for _ in other.answer(room.question("hello")):
                pass
            await other.close()
        assert versions(room) == ["gpt-5.4-mini", "gpt-next"]
        pinned = [turn["agent_reference"]["version"] for turn in room.double.turns]
        assert pinned == ["2", "1"]


async def test_an_agent_that_was_deleted_is_made_again_by_the_next_question() -> None:
    async with room_with(HELLO) as room:
        await room.ask("hello")
        del room.double.agents.kept["adf-ops"]
        assert (await room.ask("hello")).answer.failure is FailureKind.CONFIG
        assert (await room.ask("hello")).answer.text == "Hello."


async def test_many_first_questions_define_the_agent_once() -> None:
    async with room_with(HELLO) as room:
        told = await asyncio.gather(*(room.ask("hello") for _ in range(5)))
        assert {one.answer.text for one in told} == {"Hello."}
        assert len(versions(room)) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bad_token", FailureKind.AUTH),
        ("no_rights", FailureKind.FORBIDDEN),
        ("private_endpoint", FailureKind.FORBIDDEN),
        ("drop", FailureKind.NETWORK),
        ("html", FailureKind.SERVER),
    ],
)
async def test_an_agent_that_cannot_be_looked_up_is_told_like_any_failure(
    name: str, kind: FailureKind
) -> None:
    async with room_with(HELLO) as room:
        room.double.faults.add(replace(TROUBLES[name], path="/agents/adf-ops$", times=9))
        assert (await room.ask("hello")).answer.failure is kind
        room.double.faults.clear()
        assert (await room.ask("hello")).answer.text == "Hello."


async def test_a_project_that_is_slow_to_tell_of_its_agents_is_not_waited_for() -> None:
    async with room_with(HELLO) as room, project_of(room.double) as client:
        room.double.faults.add(Fault(path="/agents/", delay=60))
        with pytest.raises(ModelFailure, match="timeout"):
            await ensured_version(client, "adf-ops", {}, seconds=30)


async def test_opening_beforehand_raises_what_is_wrong() -> None:
    async with room_with(HELLO) as room:
        room.double.faults.add(replace(TROUBLES["no_rights"], path="/agents/adf-ops$"))
        with pytest.raises(ModelFailure, match="forbidden"):
            await room.agent.open()


async def test_a_conversation_that_cannot_be_begun_is_told() -> None:
    async with room_with(HELLO) as room:
        room.double.faults.add(Fault(path="/conversations$", status=500, body={"error": {}}))
        assert (await room.ask("hello")).answer.failure is FailureKind.SERVER


def test_a_definition_is_the_same_whatever_its_order() -> None:
    tools: list[dict[str, Any]] = [{"type": "function", "name": "a"}]
    one = definition_of("m", "i", tools)
    assert hash_of(one) == hash_of(dict(reversed(one.items())))
    assert hash_of(one) != hash_of(definition_of("m", "j", tools))


async def test_the_definition_holds_instructions_and_tools_that_the_service_takes() -> None:
    async with room_with(HELLO) as room:
        await room.agent.open()
        (version,) = room.double.agents.kept["adf-ops"].versions
        check_tools(version["definition"]["tools"])
        assert version["metadata"].keys() == {HASH}
        assert "on-call assistant" in version["definition"]["instructions"]


async def test_closing_what_was_never_opened_is_nothing() -> None:
    async with room_with(HELLO) as room:
        await room.agent.close()
