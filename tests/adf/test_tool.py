"""A tool is declared once: schema, progress, help and call come from the typed function."""

import json
from pathlib import Path
from typing import Annotated

import pytest

from adf.errors import BadArguments
from adf.records import RunStatus
from adf.tool import Toolbox, ToolCall, tool
from adf.tools import ADF_TOOLS
from bot.tools import HERE_TOOLS


class Shelf:
    """Something a tool works on."""


@tool(progress="Working", reads=True)
async def find_book(
    shelf: Shelf,
    title: Annotated[str, "part of the title"],
    states: list[RunStatus] | None = None,
    from_: int | None = None,
) -> str:
    """Find a book."""
    return f"{title} {states} {from_}"


def box(calls: list[ToolCall] | None = None) -> Toolbox:
    kept = calls if calls is not None else []
    return Toolbox([find_book], [Shelf()], kept.append)


def test_the_schema_is_closed_and_has_no_anyof() -> None:
    assert find_book.schema["additionalProperties"] is False
    assert find_book.schema["required"] == ["title"]
    assert find_book.schema["properties"]["title"] == {
        "type": "string",
        "description": "part of the title",
    }
    assert "from" in find_book.schema["properties"]
    for one in (*ADF_TOOLS, *HERE_TOOLS, find_book):
        assert "anyOf" not in json.dumps(one.schema)
        assert "$ref" not in json.dumps(one.schema)


# A room's factory, pasted errors and erasing are no part of the recorded questions.
UNRECORDED = {
    "adf_deadlines",
    "adf_describe_pipeline",
    "adf_explain_error",
    "adf_health",
    "adf_owners",
    "adf_preview_action",
    "adf_queue_status",
    "adf_uses",
    "bot_forget_me",
    "itsm_ticket",
    "ops_bind",
    "ops_board",
    "ops_digest",
    "ops_incident",
    "ops_merge",
    "ops_reopen",
    "ops_split",
    "ops_stop_board",
    "ops_stop_digest",
    "ops_write_up",
}


def test_tools_carry_the_names_and_arguments_of_the_vocabulary() -> None:
    file = Path(__file__).parent.parent / "data" / "evals" / "tools.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    vocabulary = {name: set(args) for group in known.values() for name, args in group.items()}
    for one in (*ADF_TOOLS, *HERE_TOOLS):
        if one.name in UNRECORDED:
            continue
        assert one.name in vocabulary
        assert vocabulary[one.name] <= set(one.schema["properties"])


async def test_words_become_types() -> None:
    calls: list[ToolCall] = []
    found = await box(calls).call("find_book", title="Dune", states=["Failed"], **{"from": 3})
    assert found == f"Dune {[RunStatus.FAILED]} 3"
    assert calls == [
        ToolCall(name="find_book", arguments={"title": "Dune", "states": ["Failed"], "from": 3})
    ]


@pytest.mark.parametrize(
    "arguments",
    [{}, {"title": "a", "colour": "red"}, {"title": ["a"]}, {"title": "a", "states": ["Sunny"]}],
)
async def test_wrong_arguments_are_refused_before_the_tool_runs(
    arguments: dict[str, object],
) -> None:
    calls: list[ToolCall] = []
    with pytest.raises(BadArguments):
        await box(calls).call("find_book", **arguments)
    assert calls == []


async def test_an_argument_may_be_called_as_python_calls_its_own() -> None:
    with pytest.raises(BadArguments, match="Extra inputs"):
        await box().call("find_book", title="Dune", name="x", self="y")


async def test_an_unknown_tool_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadArguments) as refused:
        await box().call("find_cook")
    assert refused.value.choices == ("find_book",)


def test_a_tool_without_its_subject_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="Shelf"):
        Toolbox([find_book], [])
