"""The small parts of the loop by themselves: words, errors of SDKs, addresses, credentials."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

import httpx2
import openai
import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)

from bot.agents.azure_openai import Deployment
from bot.agents.azure_openai.client import base_url, connect
from bot.agents.foundry import Project
from bot.agents.foundry.client import connect as connect_project
from bot.agents.interface import Question, Spent, Step
from bot.agents.model import FailureKind, ModelAgent
from bot.agents.model.output import OutputText
from bot.agents.model.sdk_errors import failure_of
from bot.agents.model.stream import as_json, field, listed, number, text_in
from bot.agents.model.types import ConversationPlace, Item, ModelStep, OnWords, ToolChoice
from tests.bot.agents.model.room import room_with
from tests.doubles.foundry import EveryTurn, says

T = TypeVar("T")


def test_words_are_told_by_whole_sentences() -> None:
    heard: list[str] = []
    speaking = OutputText(heard.append)
    for piece in ("Stock fa", "iled. Lo", "ad broke", ".\nAsk", " Ann"):
        speaking.take(piece)
    assert heard == ["Stock failed. ", "Load broke.\n"]
    speaking.finish()
    assert heard[-1] == "Ask Ann"
    assert speaking.has_emitted


def test_what_follows_a_colon_is_told_with_what_it_is() -> None:
    heard: list[str] = []
    speaking = OutputText(heard.append)
    for piece in ("The password", ": ", "Hunter2-Geheim! ", "Ask Ann."):
        speaking.take(piece)
    speaking.finish()
    assert "Hunter2" not in "".join(heard)
    assert "Ask Ann." in "".join(heard)


def test_a_sentence_that_was_dropped_is_not_the_beginning_of_another() -> None:
    heard: list[str] = []
    speaking = OutputText(heard.append)
    speaking.take("Stock fai")
    speaking.drop()
    speaking.take("Ask its owner.")
    speaking.finish()
    assert heard == ["Ask its owner."]


def test_nothing_is_told_of_blank_pieces() -> None:
    heard: list[str] = []
    speaking = OutputText(heard.append)
    speaking.take(" \n ")
    speaking.finish()
    assert (heard, speaking.has_emitted) == ([], False)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClientAuthenticationError("no credential"), FailureKind.AUTH),
        (ServiceRequestError("no route"), FailureKind.NETWORK),
        (AzureError("odd"), FailureKind.SERVER),
        (HttpResponseError("odd"), FailureKind.SERVER),
        (ResourceNotFoundError("no agent"), FailureKind.CONFIG),
        (openai.APITimeoutError(httpx2.Request("POST", "http://x")), FailureKind.TIMEOUT),
        (json.JSONDecodeError("x", "y", 0), FailureKind.SERVER),
        (openai.OpenAIError("odd"), FailureKind.SERVER),
    ],
)
def test_errors_of_the_sdks_are_told_by_kind(error: Exception, kind: FailureKind) -> None:
    assert failure_of(error).kind is kind


def test_objects_of_any_class_are_read_by_their_fields() -> None:
    assert field({"a": 1}, "a") == 1
    assert text_in({"a": 1}, "a") == ""
    assert number({"a": "1"}, "a") == 0
    assert listed({"a": 1}) == []
    assert as_json({"a": 1}) == {"a": 1}
    assert as_json(7) == {}


def test_usage_is_added_up() -> None:
    one = Spent(input=5, cached=2, output=3, steps=1, calls=1)
    assert one + one == Spent(input=10, cached=4, output=6, steps=2, calls=2)
    assert (one.tokens, (one + one).tokens) == (8, 16)


@pytest.mark.parametrize(
    ("endpoint", "base"),
    [
        ("https://a.openai.azure.com", "https://a.openai.azure.com/openai/v1/"),
        ("https://a.openai.azure.com/", "https://a.openai.azure.com/openai/v1/"),
        ("https://models.test/v1", "https://models.test/v1"),
    ],
)
def test_an_endpoint_without_a_path_is_azure_openai(endpoint: str, base: str) -> None:
    assert base_url(endpoint) == base


@pytest.mark.parametrize("endpoint", ["http://models.test/v1", "ftp://a", "models.test", ""])
def test_plain_http_is_for_this_machine_only(endpoint: str) -> None:
    with pytest.raises(ValueError, match="use https"):
        Deployment(endpoint=endpoint, model="gpt")
    with pytest.raises(ValueError, match="use https"):
        Project(endpoint=endpoint, model="gpt")


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


async def _all(agent: ModelAgent, question: Question) -> list[Step]:
    return [step async for step in agent.answer(question)]


async def test_without_a_key_the_bot_signs_in_by_entra() -> None:
    deployment = Deployment(endpoint="https://a.openai.azure.com", model="gpt")
    made = await _in_thread(lambda: connect(deployment, {"model": "gpt"}))
    provider = made._client._api_key_provider  # pyright: ignore[reportPrivateUsage]
    assert callable(provider)
    await made.close()


async def test_a_real_project_is_signed_in_to_by_entra() -> None:
    project = Project(endpoint="https://a.services.ai.azure.com/api/projects/p", model="gpt")
    made = await _in_thread(lambda: connect_project(project, {}))
    credential = made._credential  # pyright: ignore[reportPrivateUsage]
    assert type(credential).__name__ == "DefaultAzureCredential"
    await made.close()


async def test_a_service_that_breaks_in_an_unknown_way_is_an_error_of_the_bot() -> None:
    async with room_with(EveryTurn([says("Hello.")])) as room:
        agent = ModelAgent(Broken(), room.toolbox, room.inventory)
        with pytest.raises(ZeroDivisionError):
            await _all(agent, room.question("hello"))


async def test_a_key_is_sent_as_it_was_given() -> None:
    async with room_with(EveryTurn([says("Hello.")]), "previous") as room:
        await room.ask("hello")
        (asked,) = room.double.asked
        assert asked.headers["Authorization"] == "Bearer k"


class Broken:
    """A backend that fails as nothing should."""

    name = "broken"

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def choose(self, items: Sequence[Item]) -> ModelStep:
        raise ZeroDivisionError

    async def begin(self, place: ConversationPlace) -> ConversationPlace:
        raise ZeroDivisionError

    async def step(
        self,
        place: ConversationPlace,
        items: Sequence[Item],
        on_words: OnWords,
        choice: ToolChoice = ToolChoice.AUTO,
    ) -> ModelStep:
        return ModelStep(place=place)
