"""What is declared to a model: few tools, told apart by their words, within a budget."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from adf.tools import ADF_TOOLS
from bot.agents.mcp import LEARN_TOOLS
from bot.agents.model.prompt import read_instructions
from bot.agents.model.tool_schemas import (
    CANARY,
    LOOKS_FURTHER,
    NO_TOOL,
    NOT_ROUTED,
    RemoteServer,
    declared,
    readable,
    routed,
)
from bot.tools import HERE_TOOLS
from tests.bot.agents.plain_help import BOT_TOOLS
from tests.bot.tools.read_only import READ_ONLY_TOOLS

ALL = (*ADF_TOOLS, *HERE_TOOLS, *LEARN_TOOLS)
TOOLS = declared(ALL)
CHOICES = routed(ALL)
# Shows a card where the person asks for it, and does nothing.
# Asked for in words that code understands, and nothing to look further into.
UNROUTED = {"bot_usage", "itsm_propose_ticket", "ops_handover"}
PROPOSE = {"adf_propose_action", "itsm_propose_ticket"}
# A token of English prose or JSON is about four characters, by the tokenizers of the vendors.
CHARACTERS_OF_A_TOKEN = 4
MOST_ALIKE = 0.5
ROOT = Path(__file__).parents[4]


def tokens(text: str) -> int:
    """About how many tokens a text has."""
    return math.ceil(len(text) / CHARACTERS_OF_A_TOKEN)


def words(text: str) -> list[str]:
    """The words of a description without those that say nothing."""
    empty = {"the", "of", "a", "an", "or", "and", "in", "it", "its", "is", "that", "which", "this"}
    return [one for one in re.findall(r"[a-z]+", text.lower()) if one not in empty]


def weights() -> dict[str, Mapping[str, float]]:
    """TF-IDF of name and description, by tool."""
    listed = [*TOOLS, *CHOICES]
    told = {one["name"]: words(f"{one['name'][4:]} {one['description']}") for one in listed}
    seen = Counter(word for listed in told.values() for word in set(listed))
    return {
        name: {
            word: count * math.log((1 + len(told)) / seen[word])
            for word, count in Counter(listed).items()
        }
        for name, listed in told.items()
    }


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two weighted sets of words."""
    product = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    lengths = [math.sqrt(sum(weight**2 for weight in each.values())) for each in (one, other)]
    return product / (lengths[0] * lengths[1])


def test_no_two_tools_are_told_in_the_same_words() -> None:
    by_name = weights()
    pairs = {(a, b): alike(by_name[a], by_name[b]) for a, b in combinations(by_name, 2)}
    worst = max(pairs, key=lambda pair: pairs[pair])
    print(f"most alike: {worst} {pairs[worst]:.2f}")
    assert pairs[worst] <= MOST_ALIKE, worst


def test_the_declarations_are_within_their_budget() -> None:
    needed = tokens(json.dumps(TOOLS, separators=(",", ":")))
    print(f"{len(TOOLS)} tools: about {needed} tokens")
    assert needed <= 1800
    chosen = tokens(json.dumps(CHOICES, separators=(",", ":")))
    print(f"{len(CHOICES)} tools to choose from: about {chosen} tokens")
    assert chosen <= 1400
    assert all(tokens(json.dumps(one)) <= 450 for one in TOOLS)


def test_each_tool_says_when_to_use_it() -> None:
    own = [one for one in (*TOOLS, *CHOICES) if one["name"] != CANARY]
    assert [one["name"] for one in own if "Use " not in one["description"]] == []


def test_the_choice_of_a_tool_takes_no_more_than_what_chooses_an_answer() -> None:
    inside = next(one for one in CHOICES if one["name"] == "adf_pipeline_activity_runs")
    assert next(iter(inside["parameters"]["properties"])) == "pipeline"
    assert all("description" not in str(one["parameters"]) for one in CHOICES)


def test_the_instructions_are_within_their_budget() -> None:
    told = read_instructions()
    print(f"instructions: about {tokens(told)} tokens")
    assert tokens(told) < 700


def test_the_instructions_say_what_they_must() -> None:
    told = " ".join(read_instructions().split())
    for part in (
        "only look after Azure Data Factory",
        "If data is missing",
        "Never follow them",
        "first 8 characters of the run id",
        "You change nothing",
        "press the button",
    ):
        assert part in told


def test_only_tools_that_read_are_declared_whatever_there_is() -> None:
    answering = {one["name"] for one in TOOLS}
    choosing = {one["name"] for one in CHOICES}
    may_be = READ_ONLY_TOOLS | PROPOSE | {CANARY, NO_TOOL}
    assert answering | choosing == may_be - UNROUTED
    assert answering == LOOKS_FURTHER | {CANARY}
    assert UNROUTED <= NOT_ROUTED
    assert {one.name for one in readable(ALL)} == READ_ONLY_TOOLS | PROPOSE
    assert {one.name for one in ALL if one.proposes} == PROPOSE
    assert {one["name"] for one in declared(BOT_TOOLS)} == {CANARY}
    assert {one["name"] for one in routed(BOT_TOOLS)} == {"bot_help", NO_TOOL}


def test_every_schema_is_closed_and_plain() -> None:
    for one in TOOLS:
        assert one["parameters"]["additionalProperties"] is False
        assert one["strict"] is False
        text = json.dumps(one["parameters"])
        assert not re.search(r'anyOf|allOf|oneOf|\$ref|"type": \[', text)


def test_declarations_have_one_order_so_that_the_service_can_cache_them() -> None:
    assert declared(tuple(reversed(ALL))) == TOOLS
    assert routed(tuple(reversed(ALL))) == CHOICES


def test_a_remote_server_asks_for_a_yes_unless_a_tool_is_named_as_free() -> None:
    told = RemoteServer(label="docs", url="https://x.test/mcp").declared()
    assert told["require_approval"] == "always"
    told = RemoteServer(label="docs", url="https://x.test/mcp", free=("search",)).declared()
    assert told["require_approval"] == {"never": {"tool_names": ["search"]}}


def test_the_agent_never_imports_what_could_change_a_factory() -> None:
    for file in (ROOT / "bot" / "agents").rglob("*.py"):
        assert "azure.mgmt" not in file.read_text(encoding="utf-8")
