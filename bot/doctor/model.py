"""Examines the language model by asking it for one word; without it rules still answer."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from adf.records.glossary import counted
from bot.agents.foundry import Project
from bot.agents.mcp import McpError, McpServer, McpTools
from bot.agents.model import FailureKind, ModelFailure
from bot.agents.model.endpoints import ModelEndpoint
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn

MODEL = "language model"
# A model that has rested takes its time for the first word.
FIRST_WORD = 12.0

Remedy = Callable[[ModelEndpoint], tuple[str, Fixer]]


async def examine_model(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """Whether the model answers the bot; what keeps it from that, and the fix."""
    place = it.model
    if place is None:
        return [ok(MODEL, "not set: answers come from rules only")]
    try:
        async with asyncio.timeout(FIRST_WORD):
            await ways.try_model(place)
    except ModelFailure as failure:
        fix, who = _FIX_OF.get(failure.kind, _again)(place)
        return [warn(MODEL, f"{place.model} doesn't answer: {failure.said}", fix, who)]
    except TimeoutError:
        said = f"{place.model} didn't answer within {FIRST_WORD:g} s"
        return [warn(MODEL, said, *_again(place))]
    return [ok(MODEL, f"{place.model} at {_host(place)} answers")]


def _sign_in(place: ModelEndpoint) -> tuple[str, Fixer]:
    if isinstance(place, Project) or not place.key:
        return (
            "the same sign-in as to Azure: see its line above; then the role below",
            Fixer.OPERATOR,
        )
    return "set the key of that very resource, or none and give the bot a role", Fixer.OPERATOR


def _role(place: ModelEndpoint) -> tuple[str, Fixer]:
    role = "Azure AI User" if isinstance(place, Project) else "Cognitive Services OpenAI User"
    fix = (
        f"give the bot's identity the role {role} on the resource behind {_host(place)} (az role "
        "assignment create; deploy/README.md), or open its private endpoint to the bot"
    )
    return fix, Fixer.AZURE


def _name(place: ModelEndpoint) -> tuple[str, Fixer]:
    setting = "PROJECT_ENDPOINT" if isinstance(place, Project) else "the endpoint"
    fix = f"check MODEL_DEPLOYMENT_NAME ({place.model}) and {setting}: the deployment's own name"
    return fix, Fixer.OPERATOR


def _network(place: ModelEndpoint) -> tuple[str, Fixer]:
    parts = urlsplit(place.endpoint)
    return f"open {parts.hostname}, port {parts.port or 443}, outbound", Fixer.NETWORK


def _quota(_: ModelEndpoint) -> tuple[str, Fixer]:
    return (
        "wait a minute; if it keeps failing, raise the deployment's tokens per minute",
        Fixer.AZURE,
    )


def _again(_: ModelEndpoint) -> tuple[str, Fixer]:
    return "run doctor again in a minute", Fixer.MICROSOFT


_FIX_OF: Mapping[FailureKind, Remedy] = {
    FailureKind.AUTH: _sign_in,
    FailureKind.FORBIDDEN: _role,
    FailureKind.CONFIG: _name,
    FailureKind.BAD_REQUEST: _name,
    FailureKind.NETWORK: _network,
    FailureKind.RATE_LIMITED: _quota,
}


def _host(place: ModelEndpoint) -> str:
    return urlsplit(place.endpoint).netloc


_ELSEWHERE = "the model's service calls it: can't check from here"


async def examine_servers(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """Each server by its list of tools."""
    return await asyncio.gather(*(_examine(one, ways) for one in it.servers))


async def _examine(server: McpServer, ways: Connections) -> Finding:
    what = f"MCP server {server.label}"
    if not server.by_bot:
        return ok(what, _ELSEWHERE)
    tools = McpTools(
        server.url,
        server.label,
        seconds=time.monotonic,
        allowed=server.reads,
        hosts=(),
        limit=2 * ways.limit,
    )
    try:
        offered = await tools.functions()
    except McpError as trouble:
        return warn(what, trouble.said, trouble.advice.fix, Fixer.OPERATOR)
    finally:
        await tools.close()
    gone = sorted(set(server.reads) - {one.tool for one in offered})
    if gone:
        said = f"it has no {', '.join(gone)}"
        return warn(what, said, "name its tools as it does, or take them out of its reads")
    free = sum(one.is_free for one in offered)
    return ok(what, f"answers: {counted(len(offered), 'tool')}, {free} of them without asking")
