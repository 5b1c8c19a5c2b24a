"""Examines the language model by asking it for one word; without it rules still answer."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from bot.agents.foundry import Project
from bot.agents.health import ModelPlace
from bot.agents.mcp import McpServer, McpTools, McpTrouble
from bot.agents.model import FailureKind, ModelFailure
from bot.doctor.context import Installation, Ways
from bot.doctor.findings import Finding, Who, ok, warn

MODEL = "language model"
# A model that has rested takes its time for the first word.
FIRST_WORD = 12.0

Mend = Callable[[ModelPlace], tuple[str, Who]]


async def examine_model(it: Installation, ways: Ways) -> Sequence[Finding]:
    """Whether the model answers the bot; what keeps it from that, and the mend."""
    place = it.model
    if place is None:
        return [ok(MODEL, "none is set: rules alone answer")]
    try:
        async with asyncio.timeout(FIRST_WORD):
            await ways.try_model(place)
    except ModelFailure as failure:
        mend, who = _MENDS.get(failure.kind, _again)(place)
        return [warn(MODEL, f"{place.model} does not answer: {failure.said}", mend, who)]
    except TimeoutError:
        said = f"{place.model} says nothing within {FIRST_WORD:g} s"
        return [warn(MODEL, said, *_again(place))]
    return [ok(MODEL, f"{place.model} at {_host(place)} answers")]


def _sign_in(place: ModelPlace) -> tuple[str, Who]:
    if isinstance(place, Project) or not place.key:
        return "the same sign-in as to Azure: see its line above; then the role below", Who.OPERATOR
    return "set the key of that very resource, or none and give the bot a role", Who.OPERATOR


def _role(place: ModelPlace) -> tuple[str, Who]:
    role = "Azure AI User" if isinstance(place, Project) else "Cognitive Services OpenAI User"
    mend = (
        f"give the bot's identity the role {role} on the resource behind {_host(place)} (az role "
        "assignment create; deploy/README.md), or open its private endpoint to the bot"
    )
    return mend, Who.AZURE


def _name(place: ModelPlace) -> tuple[str, Who]:
    setting = "PROJECT_ENDPOINT" if isinstance(place, Project) else "the endpoint"
    mend = f"check MODEL_DEPLOYMENT_NAME ({place.model}) and {setting}: the deployment's own name"
    return mend, Who.OPERATOR


def _network(place: ModelPlace) -> tuple[str, Who]:
    parts = urlsplit(place.endpoint)
    return f"open {parts.hostname}, port {parts.port or 443}, outbound", Who.NETWORK


def _quota(_: ModelPlace) -> tuple[str, Who]:
    return "wait a minute; if it stays, raise the deployment's tokens per minute", Who.AZURE


def _again(_: ModelPlace) -> tuple[str, Who]:
    return "run doctor again in a minute", Who.MICROSOFT


_MENDS: Mapping[FailureKind, Mend] = {
    FailureKind.AUTH: _sign_in,
    FailureKind.FORBIDDEN: _role,
    FailureKind.CONFIG: _name,
    FailureKind.BAD_REQUEST: _name,
    FailureKind.NETWORK: _network,
    FailureKind.RATE_LIMITED: _quota,
}


def _host(place: ModelPlace) -> str:
    return urlsplit(place.endpoint).netloc


_ELSEWHERE = "the model's service calls it: not to be seen from here"


async def examine_servers(it: Installation, ways: Ways) -> Sequence[Finding]:
    """Each server by its list of tools."""
    return await asyncio.gather(*(_examine(one, ways) for one in it.servers))


async def _examine(server: McpServer, ways: Ways) -> Finding:
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
    except McpTrouble as trouble:
        return warn(what, trouble.said, trouble.advice.mend, Who.OPERATOR)
    finally:
        await tools.close()
    gone = sorted(set(server.reads) - {one.tool for one in offered})
    if gone:
        said = f"it has no {', '.join(gone)}"
        return warn(what, said, "name its tools as it does, or take them out of its reads")
    free = sum(one.is_free for one in offered)
    return ok(what, f"answers: {len(offered)} tools, {free} of them without asking")
