"""The same short talk with any agent of the product: ask, follow up, approve, begin anew."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records import Pipeline, PipelineList, RunList, TimeRange
from adf.tool import Tool, Toolbox, tool
from bot.agents.approvals import UsedApprovals
from bot.agents.azure_openai import AzureOpenAIAgent, Deployment
from bot.agents.foundry import FoundryAgent, Project
from bot.agents.interface import Answer, Approval, Question
from bot.agents.model.agent import ModelAgent
from bot.agents.model.options import ModelOptions
from bot.agents.model.tool_schemas import RemoteServer
from bot.agents.model.types import StateMode
from bot.messages import Address, Person, Scope
from bot.state.store import MemoryStore
from tests.doubles.foundry import Brain, EveryTurn, Heard, Item, Outputs, asks_mcp, calls, says
from tests.doubles.foundry.samples import LEARN, MODEL

Outcome = dict[str, bool]
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
SERVERS = (RemoteServer(label="mslearn", url=LEARN),)
NIGHTLY = Pipeline(factory="prod", name="Nightly")
QUESTION = Question(
    text="",
    speaker=Person(person_id="1", name="Maya", tenant="t"),
    address=Address(
        scope=Scope.PERSONAL,
        tenant="t",
        service_url="http://127.0.0.1/",
        conversation="a",
        bot_id="b",
        bot_name="ADF Ops",
    ),
    now=NOW,
    zone=ZoneInfo("Europe/Berlin"),
    factory="prod",
    factories=("prod",),
)


class Factory:
    """A factory with one pipeline that never ran."""


@tool(progress="Working", reads=True)
async def adf_list_pipelines(factory: Factory) -> PipelineList:
    """The pipelines of the factory."""
    return PipelineList(factory="prod", pipelines=(NIGHTLY,), as_of=NOW)


@tool(progress="Working", reads=True)
async def adf_pipeline_runs(factory: Factory, pipeline: str) -> RunList:
    """The runs of a pipeline."""
    day = TimeRange(start=NOW - timedelta(days=1), end=NOW)
    return RunList(factory="prod", runs=(), time_range=day, as_of=NOW, pipeline=pipeline)


TOOLS: Sequence[Tool] = (adf_list_pipelines, adf_pipeline_runs)


def toolbox_for(question: Question) -> Toolbox:
    """Both tools, on the factory."""
    return Toolbox(TOOLS, [Factory()])


async def inventory(question: Question) -> Sequence[Pipeline]:
    """The one pipeline."""
    return (NIGHTLY,)


@asynccontextmanager
async def foundry(endpoint: str) -> AsyncGenerator[ModelAgent]:
    """The agent of a Foundry project."""
    agent = FoundryAgent(
        Project(endpoint=endpoint, model=MODEL),
        toolbox_for,
        inventory,
        tools=TOOLS,
        remote=SERVERS,
        options=ModelOptions(use=UsedApprovals(MemoryStore(), lambda: NOW).use),
    )
    yield agent
    await agent.close()


@asynccontextmanager
async def azure_openai(endpoint: str, keeping: StateMode) -> AsyncGenerator[ModelAgent]:
    """The agent of a model deployment."""
    agent = AzureOpenAIAgent(
        Deployment(endpoint=endpoint, model=MODEL, key="any", state=keeping),
        toolbox_for,
        inventory,
        tools=TOOLS,
        remote=SERVERS,
        options=ModelOptions(use=UsedApprovals(MemoryStore(), lambda: NOW).use),
    )
    yield agent
    await agent.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What came of one turn."""

    answer: Answer
    approvals: tuple[Approval, ...]


async def ask(
    agent: ModelAgent,
    text: str,
    before: Answer | None = None,
    decided: Mapping[str, bool] | None = None,
) -> Held:
    """One turn, in the talk of the answer before."""
    question = replace(
        QUESTION, text=text, decided=decided or {}, decision="yes" if decided else ""
    )
    if before:
        question = replace(question, memory=before.memory)
    steps = [one async for one in agent.answer(question)]
    answer = steps[-1]
    if not isinstance(answer, Answer):
        raise TypeError(f"the last step is {answer!r}")
    return Held(answer=answer, approvals=tuple(one for one in steps if isinstance(one, Approval)))


async def hold(agent: ModelAgent, *, is_kept: bool = True) -> Outcome:
    """The whole talk; which of its turns came out as they should.

    Without `is_kept` the service keeps nothing of a talk, so that nothing can wait for approval.
    """
    first = await ask(agent, "ask both tools about Nightly")
    fresh = await ask(agent, "begin anew")
    told = {
        "the runs that were looked up are shown": [*map(type, first.answer.records)] == [RunList],
        "the answer of both tools was heard": "adf_pipeline_runs" in (first.answer.text or ""),
        "a new talk has heard nothing": 0 <= _heard(fresh.answer) <= 1,
    }
    if is_kept:
        told |= await _go_on(agent, first.answer)
    return told


async def _go_on(agent: ModelAgent, before: Answer) -> Outcome:
    second = await ask(agent, "and what else?", before)
    third = await ask(agent, "needs an approval", second.answer)
    decided = {one.approval_id: True for one in third.approvals}
    fourth = await ask(agent, "", third.answer, decided)
    return {
        "the follow-up heard what was said before": _heard(second.answer) >= 4,
        "an approval is asked for": len(third.approvals) == 1,
        "the approved call was made": "approved" in (fourth.answer.text or ""),
    }


def _heard(answer: Answer) -> int:
    """How many items the model says it heard before."""
    words = (answer.text or "").split()
    return int(words[words.index("after") + 1]) if "after" in words else -1


class Talking:
    """Answers as the small agent on Microsoft's server does."""

    def __init__(self) -> None:
        both = [calls("adf_list_pipelines"), calls("adf_pipeline_runs", pipeline="Nightly")]
        told = [says("answered: adf_list_pipelines adf_pipeline_runs")]
        self._both: Brain = EveryTurn(both, told)

    async def reply(self, heard: Heard) -> Outputs:
        last = heard.everything[-1]
        if last["type"] in {"mcp_approval_response", "mcp_call"}:
            return [says("approved")]
        if "both tools" in heard.text:
            return await self._both.reply(heard)
        if "approval" in heard.text:
            return [asks_mcp("mslearn", "microsoft_docs_search", query="2200")]
        return [says(f"heard after {len(heard.history)} items")]


def recorded(turns: Sequence[Item], streams: Sequence[Sequence[Item]]) -> list[Item]:
    """What a double heard and said, for the judge."""
    requests: list[Item] = [{"kind": "request", "body": one} for one in turns]
    return requests + [{"kind": "stream", "events": list(one)} for one in streams]
