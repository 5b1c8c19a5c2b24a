"""Doctor asks the language model for one word and the MCP servers for their tools."""

from collections.abc import AsyncGenerator

import pytest

from bot.agents.azure_openai import Deployment
from bot.agents.foundry import Project
from bot.agents.mcp import LEARN_READS, McpServer
from bot.doctor import CheckResult, Finding, Fixer, in_json, is_well
from tests.doubles.foundry import EveryTurn, Fault, FoundryDouble, running_foundry, says
from tests.doubles.learn import LearnDouble, running_learn
from tests.install.conftest import Ward

KEY = "planted-key-of-the-model"
BACKENDS = ("foundry", "azure_openai")


@pytest.fixture
async def model() -> AsyncGenerator[FoundryDouble]:
    async with running_foundry(EveryTurn([says("ok")])) as double:
        yield double


@pytest.fixture
async def learn() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


def place(double: FoundryDouble, backend: str) -> Project | Deployment:
    if backend == "foundry":
        return Project(endpoint=double.project, model="gpt")
    return Deployment(endpoint=double.url, model="gpt", key=KEY)


async def the_model(ward: Ward, where: Project | Deployment) -> Finding:
    findings = await ward.examine(model=where)
    assert is_well(findings)
    assert KEY not in in_json(findings)
    (found,) = [one for one in findings if one.what == "language model"]
    return found


async def servers(ward: Ward, *some: McpServer) -> list[Finding]:
    findings = await ward.examine(servers=some)
    assert is_well(findings)
    return [one for one in findings if one.what.startswith("MCP server")]


async def test_without_a_model_rules_alone_answer(ward: Ward) -> None:
    findings = await ward.examine()
    (found,) = [one for one in findings if one.what == "language model"]
    assert (found.verdict, found.said) == (CheckResult.OK, "not set: answers come from rules only")


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_model_that_answers_is_well_and_nothing_stays_with_it(
    backend: str, ward: Ward, model: FoundryDouble
) -> None:
    found = await the_model(ward, place(model, backend))
    assert (found.verdict, found.said) == (
        CheckResult.OK,
        f"gpt at {model.url.removeprefix('http://')} answers",
    )
    (asked,) = model.turns
    assert asked["store"] is False
    assert "agent_reference" not in asked
    assert [one.path for one in model.asked if not one.path.endswith("/responses")] == []


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("fault", "said", "fix", "who"),
    [
        (
            Fault(status=401, body={"error": {"code": "401", "message": "Unauthorized."}}),
            "Unauthorized",
            {"foundry": "sign-in", "azure_openai": "key of that very resource"},
            Fixer.OPERATOR,
        ),
        (
            Fault(status=401, body={"error": {"code": "PermissionDenied", "message": "lacks it"}}),
            "lacks it",
            {"foundry": "Azure AI User", "azure_openai": "Cognitive Services OpenAI User"},
            Fixer.AZURE,
        ),
        (
            Fault(status=404, body={"error": {"code": "DeploymentNotFound", "message": "no gpt"}}),
            "no gpt",
            {"foundry": "MODEL_DEPLOYMENT_NAME (gpt)", "azure_openai": "MODEL_DEPLOYMENT_NAME"},
            Fixer.OPERATOR,
        ),
        (
            Fault(status=429, body={"error": {"code": "too_many_requests", "message": "slow"}}),
            "slow",
            {"foundry": "tokens per minute", "azure_openai": "tokens per minute"},
            Fixer.AZURE,
        ),
        (
            Fault(status=500, body="<html>broken</html>"),
            "doesn't answer",
            {"foundry": "in a minute", "azure_openai": "in a minute"},
            Fixer.MICROSOFT,
        ),
        (
            Fault(cut=True),
            "without its last event",
            {"foundry": "in a minute", "azure_openai": "in a minute"},
            Fixer.MICROSOFT,
        ),
    ],
)
async def test_what_keeps_the_model_from_answering_is_told_with_its_mend(
    backend: str,
    fault: Fault,
    said: str,
    fix: dict[str, str],
    who: Fixer,
    ward: Ward,
    model: FoundryDouble,
) -> None:
    model.faults.add(fault)
    found = await the_model(ward, place(model, backend))
    assert found.verdict is CheckResult.WARN
    assert said in found.said
    assert fix[backend] in found.fix
    assert found.who == who


async def test_a_model_that_cannot_be_reached_is_told(ward: Ward) -> None:
    nowhere = Deployment(endpoint="http://127.0.0.1:9", model="gpt", key=KEY)
    found = await the_model(ward, nowhere)
    assert (found.verdict, found.who) == (CheckResult.WARN, Fixer.NETWORK)
    assert "open 127.0.0.1, port 9," in found.fix


async def test_a_server_that_answers_tells_how_many_tools_are_free(
    ward: Ward, learn: LearnDouble
) -> None:
    some = McpServer(label="MicrosoftLearn", url=learn.url, reads=LEARN_READS, by_bot=True)
    (found,) = await servers(ward, some)
    assert (found.verdict, found.said) == (
        CheckResult.OK,
        "answers: 4 tools, 2 of them without asking",
    )
    assert learn.asked == []


async def test_a_tool_that_the_server_does_not_have_is_told(ward: Ward, learn: LearnDouble) -> None:
    (found,) = await servers(
        ward, McpServer(label="wiki", url=learn.url, reads=("serch",), by_bot=True)
    )
    assert found.verdict is CheckResult.WARN
    assert "serch" in found.said


async def test_a_server_that_is_away_is_told_and_one_of_the_model_is_not_looked_at(
    ward: Ward,
) -> None:
    away = McpServer(label="wiki", url="http://127.0.0.1:9/mcp", by_bot=True)
    public = McpServer(label="runbooks", url="https://runbooks.example/mcp")
    first, second = await servers(ward, away, public)
    assert (first.verdict, first.what) == (CheckResult.WARN, "MCP server wiki")
    assert "ADFOPS_MCP_SERVERS" in first.fix
    assert (second.verdict, second.what) == (CheckResult.OK, "MCP server runbooks")
    assert "can't check from here" in second.said
