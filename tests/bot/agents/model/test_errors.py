"""Each way in which the service fails, and what the person is told of it."""

import pytest

from adf.errors import Forbidden
from adf.records import RunReport
from bot.agents.interface import Spent
from bot.agents.model import FailureKind, TurnLimits, sentence_of
from cards.records import Problem
from tests.bot.agents.answers.test_agent import BAD
from tests.bot.agents.model.room import room_with
from tests.doubles.foundry import (
    TROUBLES,
    EveryTurn,
    Fault,
    Scripted,
    calls,
    other,
    refuses,
    says,
    thinks,
)

RUNS = calls("adf_pipeline_runs", pipeline="Stock")
INSIDE = calls("adf_pipeline_activity_runs", run_id=BAD)

ROWS = {
    "bad_token": (FailureKind.AUTH, "does not accept the bot's sign-in", 1),
    "no_rights": (FailureKind.FORBIDDEN, "Azure AI User", 1),
    "private_endpoint": (FailureKind.FORBIDDEN, "open the network to it", 1),
    "preview_required": (FailureKind.FORBIDDEN, "may not use the language model", 1),
    "agent_missing": (FailureKind.CONFIG, "under the name in the settings", 1),
    "deployment_missing": (FailureKind.CONFIG, "under the name in the settings", 1),
    "tools_with_agent": (FailureKind.BAD_REQUEST, "did not understand", 1),
    "old_agent": (FailureKind.BAD_REQUEST, "did not understand", 1),
    "both_kept": (FailureKind.BAD_REQUEST, "did not understand", 1),
    "prompt_filtered": (FailureKind.CONTENT_FILTER, "content filter", 1),
    "answer_filtered": (FailureKind.CONTENT_FILTER, "content filter", 1),
    "throttled_long": (FailureKind.RATE_LIMITED, "too much to do", 1),
    "server_error": (FailureKind.SERVER, "does not answer", 2),
    "unavailable": (FailureKind.SERVER, "does not answer", 2),
    "html": (FailureKind.TRUNCATED, "broke off", 1),
    "bad_json": (FailureKind.TRUNCATED, "broke off", 1),
    "drop": (FailureKind.NETWORK, "cannot be reached", 1),
    "timeout": (FailureKind.TIMEOUT, "took too long", 1),
    "gap": (FailureKind.TIMEOUT, "took too long", 1),
    "cut": (FailureKind.TRUNCATED, "broke off", 1),
    "cut_hard": (FailureKind.NETWORK, "cannot be reached", 1),
    "junk": (FailureKind.SERVER, "does not answer", 1),
    "error_event": (FailureKind.SERVER, "does not answer", 1),
    "error_event_throttled": (FailureKind.RATE_LIMITED, "too much to do", 1),
    "error_alone": (FailureKind.SERVER, "does not answer", 1),
    "failed": (FailureKind.SERVER, "does not answer", 1),
}
HEALED = {
    "conversation_locked",
    "conversation_missing",
    "malformed_conversation",
    "no_tool_output",
    "no_tool_call",
    "failed_no_tool_output",
    "previous_missing",
    "too_long",
    "throttled",
}
STILL_SAID = {"answer_too_long", "no_usage"}
# Each row of the table of errors in the contract of the service, and what stands for it here.
TABLE = {
    "bad token": {"bad_token"},
    "RBAC": {"no_rights"},
    "private endpoint": {"private_endpoint"},
    "preview": {"preview_required"},
    "agent missing": {"agent_missing"},
    "model deployment missing": {"deployment_missing"},
    "tools with agent": {"tools_with_agent"},
    "old agent property": {"old_agent"},
    "conversation busy": {"conversation_locked"},
    "dangling call": {"no_tool_output", "failed_no_tool_output"},
    "orphan output": {"no_tool_call"},
    "conv+prev": {"both_kept"},
    "malformed conv id": {"malformed_conversation"},
    "unknown conv": {"conversation_missing"},
    "unknown prev": {"previous_missing"},
    "prompt filter": {"prompt_filtered"},
    "completion filter": {"answer_filtered"},
    "429": {"throttled", "throttled_long"},
    "500": {"server_error", "unavailable"},
    "timeout": {"timeout"},
    "TCP drop": {"drop"},
    "200 with text/html": {"html"},
    "200 with bad JSON": {"bad_json"},
    "usage None": {"no_usage"},
    "incomplete": {"answer_too_long"},
    "input too long": {"too_long"},
    "stream: clean EOF early": {"cut"},
    "stream: TCP abort": {"cut_hard"},
    "stream: read gap": {"gap"},
    "stream: bad SSE data": {"junk"},
    "stream: error event": {"error_event", "error_event_throttled"},
    "stream: top-level error": {"error_alone"},
    "stream: response.failed": {"failed"},
}


def hurry(name: str, patch: pytest.MonkeyPatch) -> None:
    """Let a client give up before a service that is silent goes on."""
    if name in {"timeout", "gap"}:
        patch.setattr("bot.agents.model.responses.BETWEEN_SECONDS", 0.6)


def test_no_row_of_the_table_is_left_out() -> None:
    rows = [name for names in TABLE.values() for name in names]
    assert sorted(rows) == sorted({*ROWS, *HEALED, *STILL_SAID}) == sorted(TROUBLES)


@pytest.mark.parametrize("name", ROWS)
async def test_a_failure_is_one_sentence_where_the_words_would_be(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(name, monkeypatch)
    kind, part, tries = ROWS[name]
    fault = TROUBLES[name]
    async with room_with(EveryTurn([says("Ask its owner.")])) as room:
        room.double.faults.add(*[fault] * tries)
        told = await room.ask("how is stock?")
        assert told.answer.failure is kind
        assert (told.answer.text or "").startswith("No words of the language model right now: ")
        assert part in (told.answer.text or "")
        assert told.answer.text == told.answer.missing
        assert not told.answer.sure
        assert room.double.faults.left == []


@pytest.mark.parametrize("name", ROWS)
async def test_the_card_stands_and_one_line_says_why_nothing_explains_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(name, monkeypatch)
    kind, part, tries = ROWS[name]
    async with room_with(EveryTurn([says("Ask its owner.")])) as room:
        report = await room.toolbox(room.question("")).call(
            "adf_pipeline_activity_runs", run_id=BAD
        )
        room.double.faults.add(*[TROUBLES[name]] * tries)
        answer = (await room.ask("why did stock fail", records=(report,))).answer
        assert (answer.text, answer.records) == (None, ())
        assert answer.missing == sentence_of(kind, explains=True)
        assert part in answer.missing


@pytest.mark.parametrize("name", ROWS)
async def test_after_a_failure_the_next_question_is_answered(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(name, monkeypatch)
    tries = ROWS[name][2]
    async with room_with(EveryTurn([says("Ask its owner.")])) as room:
        room.double.faults.add(*[TROUBLES[name]] * tries)
        await room.ask("how is stock?")
        await room.double.settled()
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


async def test_what_was_looked_up_before_the_failure_is_shown() -> None:
    async with room_with(Scripted([INSIDE])) as room:
        room.double.faults.add(Fault(times=1, at=99), TROUBLES["deployment_missing"])
        answer = (await room.ask("why did stock fail")).answer
        (report,) = answer.records
        assert isinstance(report, RunReport)
        assert answer.text is None
        assert answer.note == sentence_of(FailureKind.CONFIG, explains=False)


async def test_words_that_were_cut_are_shown_with_a_line_that_says_so() -> None:
    async with room_with(Scripted([says("Ask its owner.")])) as room:
        room.double.faults.add(TROUBLES["answer_too_long"])
        answer = (await room.ask("how is stock?")).answer
        assert answer.text == "Ask its owner."
        assert answer.missing == sentence_of(FailureKind.CUT, explains=False)


async def test_a_filtered_answer_is_not_shown_at_all() -> None:
    async with room_with(Scripted([says("Half of something")])) as room:
        room.double.faults.add(TROUBLES["answer_filtered"])
        assert "Half" not in ((await room.ask("how is stock?")).answer.text or "")


async def test_a_model_that_declines_is_told_as_that() -> None:
    async with room_with(Scripted([refuses("I can not help with that.")])) as room:
        answer = (await room.ask("write a poem")).answer
        assert answer.failure is FailureKind.REFUSED
        assert "would not answer" in (answer.text or "")


async def test_a_model_that_says_nothing_is_told_as_that() -> None:
    async with room_with(Scripted([thinks()])) as room:
        assert (await room.ask("hello")).answer.failure is FailureKind.EMPTY


async def test_a_wait_that_the_service_asks_for_is_kept_when_it_is_short() -> None:
    async with room_with(Scripted([says("Ask its owner.")])) as room:
        room.double.faults.add(TROUBLES["throttled"])
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        assert room.waits == [1.0]


async def test_milliseconds_and_nonsense_in_a_wait_are_read() -> None:
    async with room_with(EveryTurn([says("Ask its owner.")])) as room:
        room.double.faults.add(Fault(status=429, body={}, headers={"retry-after-ms": "250"}))
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        room.double.faults.add(Fault(status=429, body={}, headers={"retry-after": "soon"}))
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.RATE_LIMITED
        assert room.waits == [0.25]


async def test_a_service_that_stays_throttled_is_not_asked_for_ever() -> None:
    async with room_with(Scripted()) as room:
        room.double.faults.add(*[TROUBLES["throttled"]] * 3)
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.RATE_LIMITED
        assert len(room.double.turns) == 3


async def test_a_model_that_is_slower_than_a_turn_may_be_is_given_up() -> None:
    async with room_with(Scripted([says("Late.")]), limits=TurnLimits(seconds=30)) as room:
        await room.agent.open()
        room.double.faults.add(Fault(delay=60, at=99))
        answer = (await room.ask("how is stock?")).answer
        assert answer.failure is FailureKind.TIMEOUT
        assert "took too long" in (answer.text or "")


async def test_tokens_are_added_up_over_the_steps() -> None:
    async with room_with(Scripted([RUNS, INSIDE], [says("Load broke.")])) as room:
        spent = (await room.ask("why?")).answer.spent
        assert (spent.steps, spent.calls) == (2, 2)
        assert spent.input > spent.cached > 0
        assert spent.tokens == spent.input + spent.output


async def test_each_step_tells_its_tokens_once_it_is_over() -> None:
    async with room_with(Scripted([RUNS, INSIDE], [says("Load broke.")])) as room:
        told = await room.ask("why?")
        steps = [one for one in told.steps if isinstance(one, Spent)]
        assert [(one.steps, one.calls) for one in steps] == [(1, 2), (1, 0)]
        assert steps[0] + steps[1] == told.answer.spent


async def test_a_service_that_tells_no_usage_costs_nothing_we_know_of() -> None:
    async with room_with(Scripted([says("Ask its owner.")])) as room:
        room.double.faults.add(TROUBLES["no_usage"])
        answer = (await room.ask("how is stock?")).answer
        assert (answer.text, answer.spent.tokens) == ("Ask its owner.", 0)


async def test_items_that_nobody_knows_are_passed_over() -> None:
    odd = [
        other("oauth_consent_request", consent_link="https://login.example"),
        other("azure_ai_search_call", status="completed"),
        says("Ask its owner."),
    ]
    async with room_with(Scripted(odd)) as room:
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."


async def test_a_factory_that_cannot_be_read_is_told_by_its_own_card() -> None:
    async with room_with(Scripted([INSIDE], [says("I cannot read it.")])) as room:
        room.wire.runs[BAD] = Forbidden("no right", asked="read a run", status=403)
        answer = (await room.ask("why did it fail?")).answer
        (trouble,) = answer.records
        assert isinstance(trouble, Problem)
        assert (trouble.area, answer.text) == ("permission", "I cannot read it.")


async def test_every_kind_has_a_sentence_that_begins_with_what_is_missing() -> None:
    for kind in FailureKind:
        assert sentence_of(kind, explains=True).startswith("No explanation right now: ")
        assert sentence_of(kind, explains=False).endswith(".")
