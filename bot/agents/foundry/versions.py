"""The version of a Foundry agent that has a definition: found by the hash, or made."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from azure.ai.projects.aio import AIProjectClient
from azure.ai.projects.models import AgentVersionDetails, PromptAgentDefinition
from azure.core.exceptions import ResourceNotFoundError

from bot.agents.model.errors import FailureKind, ModelFailure
from bot.agents.model.sdk_errors import SDK_ERRORS, failure_of

Definition = Mapping[str, Any]

HASH = "def_sha"
SECONDS = 20.0
NEWEST = 50
ABOUT = "Explains Azure Data Factory in Microsoft Teams. Managed by ADF Ops for Teams."


def hash_of(definition: Definition) -> str:
    """Equal for equal definitions, however they are ordered."""
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


async def ensured_version(
    client: AIProjectClient, name: str, definition: Definition, seconds: float = SECONDS
) -> str:
    """The version with this definition, found or made; raises ModelFailure.

    Versions are never changed and only 1,000 fit, so an equal one is used again, also after a
    return to an older definition.
    """
    try:
        async with asyncio.timeout(seconds):
            found = await _found(client, name, hash_of(definition))
            return found or await _made(client, name, definition)
    except TimeoutError:
        raise ModelFailure(FailureKind.TIMEOUT, f"agent {name} did not answer in time") from None
    except SDK_ERRORS as error:
        raise failure_of(error) from error


async def _found(client: AIProjectClient, name: str, wanted: str) -> str | None:
    try:
        latest = (await client.agents.get(name)).versions.latest
        if _is(latest, wanted):
            return latest.version
        async for one in client.agents.list_versions(name, limit=NEWEST, order="desc"):
            if _is(one, wanted):
                return one.version
    except ResourceNotFoundError:
        return None
    return None


async def _made(client: AIProjectClient, name: str, definition: Definition) -> str:
    made = await client.agents.create_version(
        name,
        definition=PromptAgentDefinition(json.loads(json.dumps(definition))),
        metadata={HASH: hash_of(definition)},
        description=ABOUT,
    )
    return made.version


def _is(version: AgentVersionDetails, wanted: str) -> bool:
    return (version.metadata or {}).get(HASH) == wanted
