"""Requests for a response: what is refused about them, and the response they get."""

import time
from dataclasses import dataclass

from tests.doubles.foundry.agents import Agents
from tests.doubles.foundry.faults import Fault
from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.items import as_items
from tests.doubles.foundry.schemas import check_tools
from tests.doubles.foundry.talks import Talk, Talks, check_calls
from tests.doubles.foundry.wire import Ids, Item, Refused, tokens_in

# Whether a model may accompany an agent is not known of the service, so nobody may rely on it.
NOT_WITH_AGENT = (
    *("tools", "instructions", "text", "temperature", "top_p", "reasoning"),
    *("tool_choice", "model"),
)
LEAST_CACHED, CACHE_STEP = 1024, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A request that was taken: what is said, in which talk, to which agent or model."""

    body: Item
    talk: Talk
    items: list[Item]
    agent: Item | None
    definition: Item

    @property
    def heard(self) -> Heard:
        """What the model is told."""
        return Heard(
            items=tuple(self.items),
            history=self.talk.items,
            model=self.definition["model"],
            instructions=self.definition.get("instructions") or "",
            tools=tuple(self.definition.get("tools") or ()),
            body=self.body,
        )


@dataclass(slots=True, kw_only=True)
class Desk:
    """Takes requests for responses and writes the responses; knows which prompts it has cached."""

    agents: Agents
    talks: Talks
    ids: Ids
    deployments: set[str]
    cached: dict[str, int]

    def take(self, body: Item, *, agent: str | None, has_agents: bool) -> Turn:
        """A request as a turn; Refused where the service refuses it."""
        _refuse_old_forms(body, has_agents)
        version = self._version(body, agent)
        definition = version["definition"] if version else self._asked_model(body)
        if self.deployments and definition["model"] not in self.deployments:
            message = "The API deployment for this resource does not exist."
            raise Refused(404, "DeploymentNotFound", message)
        talk, items = self.talks.before(body), as_items(body.get("input"))
        if talk.busy:
            message = "Another process is currently operating on this conversation."
            raise Refused(400, "conversation_locked", f"{message} Please retry in a few seconds.")
        check_calls(talk.items, items)
        items = [{"id": self.ids("msg"), **one} for one in items]
        return Turn(body=body, talk=talk, items=items, agent=version, definition=definition)

    def _version(self, body: Item, served: str | None) -> Item | None:
        reference = body.get("agent_reference")
        version = self.agents.served(served) if served else None
        if reference:
            version = self.agents.referred(reference)
        if not version:
            return None
        for name in NOT_WITH_AGENT:
            if name in body:
                raise _not_with_agent(name, self.ids("req"))
        return version

    def _asked_model(self, body: Item) -> Item:
        if not body.get("model"):
            message = "Missing required parameter: 'model'."
            raise Refused(400, "missing_required_parameter", message, "model")
        check_tools(body.get("tools") or [])
        return body

    def blank(self, turn: Turn) -> Item:
        """A response before anything came of it."""
        body, told = turn.body, turn.definition
        talk = body.get("conversation")
        made: Item = {
            "id": self.ids("resp"),
            "object": "response",
            "created_at": int(time.time()),
            "status": "in_progress",
            "background": False,
            "error": None,
            "incomplete_details": None,
            "instructions": told.get("instructions"),
            "max_output_tokens": body.get("max_output_tokens"),
            "metadata": body.get("metadata") or {},
            "model": told["model"],
            "output": [],
            "parallel_tool_calls": True,
            "previous_response_id": body.get("previous_response_id"),
            "store": body.get("store", True),
            "temperature": told.get("temperature") or 1.0,
            "top_p": told.get("top_p") or 1.0,
            "text": told.get("text") or {"format": {"type": "text"}},
            "tool_choice": told.get("tool_choice") or "auto",
            "tools": told.get("tools") or [],
            "truncation": "disabled",
            "usage": None,
        }
        if talk:
            made["conversation"] = {"id": talk["id"] if isinstance(talk, dict) else talk}
        if agent := turn.agent:
            named = {"name": agent["name"], "version": agent["version"]}
            made["agent_reference"] = {"type": "agent_reference", **named}
        return made

    def finish(self, turn: Turn, response: Item, made: list[Item], fault: Fault | None) -> Item:
        """A response with its outputs and its usage, changed as a fault says."""
        done = {**response, "status": "completed", "output": made}
        done["usage"] = self._usage(turn, made)
        return _changed(done, fault) if fault else done

    def remember(self, turn: Turn, response: Item) -> None:
        """Add a turn to its talk, and keep the response unless the client wants it forgotten."""
        turn.talk.add([*turn.items, *response["output"]])
        if response["store"]:
            self.talks.keep(response, turn.talk)

    def _usage(self, turn: Turn, made: list[Item]) -> Item:
        """Tokens by the length of the text; a prefix that was sent before counts as cached."""
        key, prefix = self._prefix(turn)
        told = prefix + turn.talk.tokens + tokens_in(turn.items)
        known = self.cached.get(key, 0) + (turn.talk.tokens if key in self.cached else 0)
        self.cached[key] = prefix
        cached = known // CACHE_STEP * CACHE_STEP if known >= LEAST_CACHED else 0
        said = tokens_in(made)
        return {
            "input_tokens": told,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": told + said,
        }

    def _prefix(self, turn: Turn) -> tuple[str, int]:
        """What a prompt begins with, as a key, and its length in tokens."""
        if turn.agent and turn.agent["id"] in self.cached:
            return turn.agent["id"], self.cached[turn.agent["id"]]
        told = [turn.definition.get("tools"), turn.definition.get("instructions")]
        return (turn.agent["id"] if turn.agent else repr(told)), tokens_in(told)


def _refuse_old_forms(body: Item, has_agents: bool) -> None:
    if "agent" in body:
        message = "The 'agent' property is deprecated. Use 'agent_reference' instead."
        raise Refused(400, "invalid_payload", message, "agent")
    if "input" not in body:
        message = "Missing required parameter: 'input'."
        raise Refused(400, "missing_required_parameter", message, "input")
    for name in ("agent_reference", "conversation"):
        if not has_agents and name in body:
            message = f"Unknown parameter: '{name}'."
            raise Refused(400, "unknown_parameter", message, name)


def _not_with_agent(name: str, request_id: str) -> Refused:
    told: Item = {
        "details": [
            {
                "code": "invalid_payload",
                "message": "Not allowed when agent is specified.",
                "param": name,
                "type": "error",
                "details": [],
                "additionalInfo": {},
            }
        ],
        "additionalInfo": {"request_id": request_id},
    }
    return Refused(400, "invalid_payload", "Not allowed when agent is specified.", name, **told)


def _changed(response: Item, fault: Fault) -> Item:
    """A response that came to another end than the brain meant."""
    if fault.failed:
        response |= {"status": "failed", "error": dict(fault.failed), "output": []}
    if fault.incomplete:
        response |= {"status": "incomplete", "incomplete_details": {"reason": fault.incomplete}}
    if fault.no_usage:
        response["usage"] = None
    return {**response, **fault.patch}
