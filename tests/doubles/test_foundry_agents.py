"""Agents of the double, through the SDK of Azure AI projects."""

import pytest
from azure.ai.projects.models import (
    FunctionTool,
)
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from openai import (
    AuthenticationError,
)

from tests.doubles.foundry import (
    running_foundry,
)
from tests.doubles.foundry.clients import openai_of, project_of
from tests.doubles.foundry.samples import SCHEMA, definition, learn


async def test_agents_are_kept_in_versions() -> None:
    async with running_foundry() as double, project_of(double) as project:
        agents = project.agents
        first = await agents.create_version(
            "adf-bot", definition=definition(), metadata={"def_sha": "a"}, description="x"
        )
        second = await agents.create_version("adf-bot", definition=definition(learn("always")))
        assert (first.version, second.version, second.id) == ("1", "2", "adf-bot:2")
        latest = (await agents.get("adf-bot")).versions.latest
        assert latest.version == "2"
        assert [one.version async for one in agents.list_versions("adf-bot", limit=1)] == ["2", "1"]
        assert [one.name async for one in agents.list()] == ["adf-bot"]
        old = await agents.get_version("adf-bot", "1")
        assert old.metadata == {"def_sha": "a"}
        assert old.definition.as_dict()["tools"][0]["parameters"] == SCHEMA
        assert (await agents.delete_version("adf-bot", "1")).deleted
        with pytest.raises(ResourceNotFoundError) as missing:
            await agents.get_version("adf-bot", "1")
        assert missing.value.error
        assert missing.value.error.code == "not_found"
        third = await agents.create_version("adf-bot", definition=definition())
        assert third.version == "3"
        assert (await agents.delete("adf-bot")).deleted
        with pytest.raises(ResourceNotFoundError):
            await agents.get("adf-bot")


async def test_an_agent_the_service_would_not_take_is_refused() -> None:
    loose = FunctionTool(
        name="x", parameters={"type": "object", "properties": {"a": {}}}, strict=True
    )
    bad_name = FunctionTool(name="no spaces", parameters=SCHEMA, strict=False)
    async with running_foundry() as double, project_of(double) as project:
        for tool, code in [(loose, "invalid_function_parameters"), (bad_name, "invalid_value")]:
            with pytest.raises(HttpResponseError) as refused:
                await project.agents.create_version("adf-bot", definition=definition(tool))
            assert refused.value.status_code == 400
            assert refused.value.error
            assert refused.value.error.code == code
        with pytest.raises(HttpResponseError):
            await project.agents.create_version("adf_bot", definition=definition())


async def test_nobody_gets_in_without_a_token() -> None:
    async with running_foundry() as double:
        async with project_of(double, token="") as project:
            with pytest.raises(ClientAuthenticationError) as refused:
                await project.agents.get("adf-bot")
            assert "audience is incorrect" in str(refused.value)
        async with openai_of(double) as client:
            with pytest.raises(AuthenticationError) as told:
                await client.conversations.create(extra_headers={"Authorization": "Basic"})
            assert told.value.code == "401"
