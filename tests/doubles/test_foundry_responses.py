"""Conversations and responses of the double, through the OpenAI SDK's strict models."""

import asyncio
import json
from typing import Any, cast

import pytest
from openai import (
    AsyncAzureOpenAI,
    BadRequestError,
    NotFoundError,
)

from tests.doubles.foundry import (
    Answering,
    Item,
    Scripted,
    Slow,
    calls,
    calls_raw,
    refuses,
    running_foundry,
    says,
    thinks,
)
from tests.doubles.foundry.clients import hear, openai_of, output, project_of, say, user
from tests.doubles.foundry.samples import MODEL, RUNS, definition, make_agent


async def test_a_conversation_holds_what_was_said() -> None:
    async with running_foundry() as double, openai_of(double) as client:
        agent = await make_agent(double)
        talk = await client.conversations.create(
            metadata={"thread": "19:x"}, items=cast("Any", [user("earlier words")])
        )
        said = await say(client, conversation=talk.id, input="hello", extra_body=agent)
        assert said.output_text == "You said: hello"
        assert said._request_id  # pyright: ignore[reportPrivateUsage]
        page = await client.conversations.items.list(talk.id, order="asc", limit=100)
        assert [one.type for one in page.data] == ["message"] * 3
        again = await client.responses.retrieve(said.id)
        assert again.output_text == said.output_text
        await client.conversations.delete(talk.id)
        with pytest.raises(NotFoundError):
            await say(client, conversation=talk.id, input="hello", extra_body=agent)


async def test_parallel_calls_are_answered_together() -> None:
    steps = Scripted(
        [thinks("two of them"), calls("adf_pipeline_runs", pipeline="A"), calls("adf_x")],
        [says("Both failed.", ("https://learn.microsoft.com/x", "Copy activity"))],
    )
    async with running_foundry(steps) as double, openai_of(double) as client:
        agent = await make_agent(double)
        talk = (await client.conversations.create()).id
        asked = await say(client, conversation=talk, input="why?", extra_body=agent)
        made = [one for one in asked.output if one.type == "function_call"]
        assert [one.name for one in made] == ["adf_pipeline_runs", "adf_x"]
        assert json.loads(made[0].arguments) == {"pipeline": "A"}
        assert (asked.status, asked.output_text) == ("completed", "")
        outputs = [output(one.call_id, json.dumps({"ok": True})) for one in made]
        told = await say(client, conversation=talk, input=outputs, extra_body=agent)
        assert told.output_text == "Both failed."


async def test_a_stream_comes_in_the_order_of_the_service() -> None:
    steps = Scripted([calls("adf_pipeline_runs", pipeline="A"), says("Looking."), refuses("No.")])
    async with running_foundry(steps) as double, openai_of(double) as client:
        agent = await make_agent(double)
        events = await hear(client, input="why?", extra_body=agent)
        assert [one.sequence_number for one in events] == list(range(len(events)))
        assert [one.type.removeprefix("response.") for one in events] == [
            *("created", "in_progress"),
            *("output_item.added", "function_call_arguments.delta"),
            *("function_call_arguments.done", "output_item.done"),
            *("output_item.added", "content_part.added", "output_text.delta", "output_text.done"),
            *("content_part.done", "output_item.done"),
            *("output_item.added", "content_part.added", "refusal.delta", "refusal.done"),
            *("content_part.done", "output_item.done"),
            "completed",
        ]
        assert [one.type for one in events[-1].response.output] == [
            *("function_call", "message", "message"),
        ]
        assert double.streams[0][-1]["type"] == "response.completed"


async def test_a_call_without_output_poisons_the_conversation_until_it_is_answered() -> None:
    steps = Scripted([calls_raw("adf_x", "{")], [says("Healed.")])
    async with running_foundry(steps) as double, openai_of(double) as client:
        agent = await make_agent(double)
        talk = (await client.conversations.create()).id
        given: Any = {"conversation": talk, "extra_body": agent}
        called = (await say(client, input="why?", **given)).output[0]
        with pytest.raises(BadRequestError, match="No tool output found for function call call_"):
            await say(client, input="hello?", **given)
        with pytest.raises(BadRequestError, match=r"No tool call found .* call_id nobody"):
            await say(client, input=[output("nobody", "1")], **given)
        assert called.type == "function_call"
        healed = [output(called.call_id, json.dumps({"error": "cancelled"})), user("hello?")]
        assert (await say(client, input=healed, **given)).output_text == "Healed."


async def test_a_conversation_is_locked_while_it_is_answered() -> None:
    slow = Slow(Answering(lambda _: "Done."), 0.3)
    async with running_foundry(slow) as double, openai_of(double) as client:
        agent = await make_agent(double)
        talk = (await client.conversations.create()).id
        given: Any = {"conversation": talk, "extra_body": agent}
        both = await asyncio.gather(
            say(client, input="one", **given),
            say(client, input="two", **given),
            return_exceptions=True,
        )
        refused = [one for one in both if isinstance(one, BadRequestError)]
        assert [one.code for one in refused] == ["conversation_locked"]
        await say(client, input="three", **given)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"tools": [RUNS]}, "invalid_payload"),
        ({"instructions": "x"}, "invalid_payload"),
        ({"temperature": 0.0}, "invalid_payload"),
        ({"extra_body": {"agent": {"name": "x"}}}, "invalid_payload"),
        ({"conversation": "conv_1", "previous_response_id": "resp_1"}, "mutually_exclusive"),
        ({"conversation": "19:thread"}, "None"),
        ({"previous_response_id": "resp_1"}, "previous_response_not_found"),
        ({"extra_body": {}}, "missing_required_parameter"),
    ],
    ids=str,
)
async def test_a_request_the_service_refuses_is_refused(more: Item, code: str) -> None:
    async with running_foundry() as double, openai_of(double) as client:
        agent = await make_agent(double)
        with pytest.raises(BadRequestError) as refused:
            await say(client, **({"input": "x", "extra_body": agent} | more))
        assert str(refused.value.code).startswith(code)


async def test_an_agent_or_a_deployment_that_is_not_there_is_not_found() -> None:
    async with (
        running_foundry() as double,
        openai_of(double) as client,
        openai_of(double, plain=True) as plain,
    ):
        wrong = {"agent_reference": {"type": "agent_reference", "name": "x", "version": "1"}}
        with pytest.raises(NotFoundError):
            await say(client, input="x", extra_body=wrong)
        double.deployments.add("gpt-5")
        with pytest.raises(NotFoundError) as missing:
            await say(plain, input="x", model=MODEL)
        assert missing.value.code == "DeploymentNotFound"


async def test_plain_models_go_on_from_the_response_before() -> None:
    steps = Scripted([calls("adf_pipeline_runs", pipeline="A")], [says("Failed.")], [says("Yes.")])
    async with running_foundry(steps) as double, openai_of(double, plain=True) as client:
        given: Any = {"model": MODEL, "tools": [RUNS], "instructions": "ADF only."}
        first = await say(client, input="why?", **given)
        call = first.output[0]
        assert call.type == "function_call"
        second = await say(
            client, input=[output(call.call_id, "1")], previous_response_id=first.id, **given
        )
        assert second.output_text == "Failed."
        third = await say(client, input="sure?", previous_response_id=second.id, **given)
        assert third.previous_response_id == second.id
        with pytest.raises(BadRequestError, match="conversation"):
            await say(client, input="x", conversation="conv_1", **given)


async def test_plain_models_answer_without_state_too() -> None:
    steps = Scripted([thinks(), calls("adf_pipeline_runs", pipeline="A")], [says("Failed.")])
    async with running_foundry(steps) as double, openai_of(double, plain=True) as client:
        given: Any = {"model": MODEL, "tools": [RUNS], "store": False}
        history: list[Any] = [user("why?")]
        first = await say(client, input=history, **given)
        history += [one.to_dict() for one in first.output]
        history.append(output(history[-1]["call_id"], "1"))
        second = await say(client, input=history, **given)
        assert second.output_text == "Failed."
        with pytest.raises(NotFoundError):
            await client.responses.retrieve(first.id)


async def test_a_key_of_azure_signs_in_too() -> None:
    async with (
        running_foundry() as double,
        AsyncAzureOpenAI(
            azure_endpoint=double.url, api_version="2026-01-01", api_key="key", max_retries=0
        ) as client,
    ):
        said = await say(client, input="hello", model=MODEL)
        assert said.output_text == "You said: hello"
        assert double.asked[-1].query == {"api-version": "2026-01-01"}


async def test_the_own_endpoint_of_an_agent_answers() -> None:
    async with running_foundry() as double, project_of(double) as project:
        await make_agent(double)
        client = project.get_openai_client(agent_name="adf-bot", max_retries=0)
        async with client:
            talk = (await client.conversations.create()).id
            said = await say(client, conversation=talk, input="hello")
        assert said.output_text == "You said: hello"
        assert len(double.items(talk)) == 2


async def test_repeated_prompts_are_cached_and_usage_is_told() -> None:
    async with running_foundry() as double, openai_of(double) as client:
        async with project_of(double) as project:
            long = definition(instructions="Answer about ADF. " * 400)
            made = await project.agents.create_version("adf-bot", definition=long)
        named = {"type": "agent_reference", "name": made.name, "version": made.version}
        agent = {"agent_reference": named}
        talk = (await client.conversations.create()).id
        used = [
            (await say(client, conversation=talk, input=one, extra_body=agent)).usage
            for one in ("one", "two")
        ]
        first, second = [one for one in used if one]
        assert first.input_tokens_details.cached_tokens == 0
        assert 1024 <= second.input_tokens_details.cached_tokens < second.input_tokens
        assert second.input_tokens_details.cached_tokens % 128 == 0
        assert first.total_tokens == first.input_tokens + first.output_tokens
