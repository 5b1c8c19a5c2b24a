"""What goes wrong on order reaches the real SDK as it does from the service."""

import asyncio
import json
from typing import Any

import pytest
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    RateLimitError,
)
from openai.types.responses import Response

from tests.doubles.foundry import (
    TROUBLES,
    Answering,
    Fault,
    FoundryDouble,
    Scripted,
    Slow,
    calls,
    other,
    running_foundry,
    says,
)
from tests.doubles.foundry.clients import hear, openai_of, say
from tests.doubles.foundry.samples import make_agent


async def one_answer(double: FoundryDouble, *, retries: int = 0, patience: float = 20) -> Response:
    async with openai_of(double, strict=False, retries=retries, patience=patience) as client:
        agent = await make_agent(double)
        return await say(client, input="x", extra_body=agent)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("bad_token", 401, "401"),
        ("no_rights", 401, "PermissionDenied"),
        ("private_endpoint", 403, "Forbidden"),
        ("preview_required", 403, "preview_feature_required"),
        ("agent_missing", 404, "not_found"),
        ("deployment_missing", 404, "DeploymentNotFound"),
        ("conversation_missing", 404, "not_found"),
        ("tools_with_agent", 400, "invalid_payload"),
        ("old_agent", 400, "invalid_payload"),
        ("both_kept", 400, "mutually_exclusive_parameters"),
        ("conversation_locked", 400, "conversation_locked"),
        ("no_tool_output", 400, None),
        ("no_tool_call", 400, None),
        ("malformed_conversation", 400, None),
        ("previous_missing", 400, "previous_response_not_found"),
        ("prompt_filtered", 400, "content_filter"),
        ("too_long", 400, "context_length_exceeded"),
        ("throttled", 429, "rate_limit_exceeded"),
        ("throttled_long", 429, "too_many_requests"),
        ("server_error", 500, "server_error"),
        ("unavailable", 503, "service_unavailable"),
    ],
)
async def test_an_error_of_the_service_reaches_the_client(
    name: str, status: int, code: str | None
) -> None:
    async with running_foundry() as double:
        double.faults.add(TROUBLES[name])
        with pytest.raises(APIStatusError) as refused:
            await one_answer(double)
        assert (refused.value.status_code, refused.value.code) == (status, code)
        assert refused.value.request_id
        assert (await one_answer(double)).output_text == "You said: x"
        assert double.faults.left == []


async def test_the_sdk_repeats_what_is_throttled_as_it_is_told() -> None:
    async with running_foundry() as double:
        headers = {"retry-after-ms": "10"}
        double.faults.add(Fault(status=429, body={"error": {}}, headers=headers, times=2))
        assert (await one_answer(double, retries=2)).output_text == "You said: x"
        assert len(double.turns) == 3
        double.faults.add(TROUBLES["throttled_long"])
        with pytest.raises(RateLimitError) as told:
            await one_answer(double, retries=2)
        assert told.value.response.headers["retry-after"] == "300"


async def test_answers_that_are_no_answers_reach_the_client() -> None:
    async with running_foundry() as double:
        double.faults.add(TROUBLES["html"], TROUBLES["bad_json"], TROUBLES["drop"])
        assert "<html>" in str(await one_answer(double))
        with pytest.raises(json.JSONDecodeError):
            await one_answer(double)
        with pytest.raises(APIConnectionError):
            await one_answer(double)
        double.faults.add(Fault(delay=50))
        with pytest.raises(APITimeoutError):
            await one_answer(double, patience=10)
        double.faults.add(Fault(path="/conversations$", status=500))
        assert (await one_answer(double)).usage


async def test_a_response_can_come_to_another_end() -> None:
    async with running_foundry() as double:
        names = (
            "failed",
            "answer_filtered",
            "answer_too_long",
            "no_usage",
            "failed_no_tool_output",
        )
        double.faults.add(*(TROUBLES[name] for name in names), Fault(patch={"model": "other"}))
        failed, filtered, cut, unmeasured, poisoned, patched = [
            await one_answer(double) for _ in range(6)
        ]
        assert (failed.status, failed.error and failed.error.code) == ("failed", "server_error")
        reasons = [
            one.incomplete_details and one.incomplete_details.reason for one in (filtered, cut)
        ]
        assert reasons == ["content_filter", "max_output_tokens"]
        assert unmeasured.usage is None
        assert poisoned.error
        assert "No tool output found" in poisoned.error.message
        assert patched.model == "other"


async def stream_of(double: FoundryDouble, patience: float = 20) -> list[str]:
    async with openai_of(double, patience=patience) as client:
        agent = await make_agent(double)
        events = await hear(client, input="one two three four", extra_body=agent)
    return [one.type for one in events]


async def test_a_stream_can_break_in_each_way() -> None:
    async with running_foundry() as double:
        double.faults.add(Fault(cut=True, at=5), Fault(cut=True, at=0))
        assert len(await stream_of(double)) == 5
        assert await stream_of(double) == []
        double.faults.add(Fault(cut_hard=True, at=3))
        with pytest.raises(APIConnectionError):
            await stream_of(double)
        double.faults.add(Fault(gap=50, at=4))
        with pytest.raises(APITimeoutError):
            await stream_of(double, patience=15)
        double.faults.add(TROUBLES["junk"])
        with pytest.raises(json.JSONDecodeError):
            await stream_of(double)
        double.faults.add(TROUBLES["error_alone"])
        with pytest.raises(APIError) as told:
            await stream_of(double)
        assert told.value.code == "server_error"
        double.faults.add(TROUBLES["error_event"], TROUBLES["failed"])
        assert (await stream_of(double))[-1] == "error"
        assert (await stream_of(double))[-1] == "response.failed"
        assert (await stream_of(double))[-1] == "response.completed"


async def test_a_broken_stream_may_leave_a_call_behind_or_nothing() -> None:
    steps = Scripted([calls("adf_x")], [calls("adf_x")])
    async with running_foundry(steps) as double, openai_of(double) as client:
        agent = await make_agent(double)
        for fault, left in [(Fault(cut=True, at=1), 2), (Fault(cut=True, at=4, keeps=False), 0)]:
            double.faults.add(fault)
            talk = (await client.conversations.create()).id
            await hear(client, input="x", conversation=talk, extra_body=agent)
            assert len(double.items(talk)) == left


@pytest.mark.parametrize("carries_on", [True, False])
@pytest.mark.parametrize("streams", [True, False])
async def test_a_turn_left_alone_is_dropped_or_finished(carries_on: bool, streams: bool) -> None:
    slow = Slow(Answering(lambda _: "Done."), 20)
    async with running_foundry(slow) as double, openai_of(double) as client:
        double.carries_on, double.pulse = carries_on, 2
        agent = await make_agent(double)
        talk = (await client.conversations.create()).id
        given: Any = {"conversation": talk, "extra_body": agent, "input": "x"}
        listening = (hear if streams else say)(client, **given)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(listening, 10)
        await double.settled()
        assert len(double.items(talk)) == (2 if carries_on else 0)


async def test_a_silent_stream_is_kept_alive_and_text_keeps_its_pace() -> None:
    slow = Slow(Answering(lambda _: "one two three four five six seven"), 30)
    async with running_foundry(slow) as double:
        double.pulse, double.pace = 5, 2
        assert (await stream_of(double, patience=20))[-1] == "response.completed"


async def test_unknown_items_pass_through() -> None:
    steps = Scripted([other("oauth_consent_request", consent_link="https://x"), says("Sign in.")])
    async with running_foundry(steps) as double:
        said = await one_answer(double)
        assert said.output[0].type == "oauth_consent_request"
