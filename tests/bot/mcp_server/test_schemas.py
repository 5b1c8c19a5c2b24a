"""The schema of a stranger's tool becomes a small closed one, whatever it was."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.agents.mcp.schemas import MOST_ARGUMENTS, reduced

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "enum", "items", "anyOf", "$ref", "description", "properties", "required"]
            )
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def argument(schema: dict[str, Any]) -> dict[str, Any]:
    return reduced({"type": "object", "properties": {"it": schema}})["properties"]["it"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"type": "integer", "minimum": 3, "title": "It"}, {"type": "integer"}),
        ({"anyOf": [{"type": "null"}, {"type": "number"}]}, {"type": "number"}),
        ({"anyOf": [{"type": "null"}]}, {"type": "string"}),
        ({"type": ["null", "boolean"]}, {"type": "boolean"}),
        ({"$ref": "https://evil.example/schema"}, {"type": "string"}),
        ({"type": "string", "pattern": "(a+)+$"}, {"type": "string"}),
        ({"type": "string", "enum": ["a", "b\u202e"]}, {"type": "string", "enum": ["a", "b"]}),
        (
            {"type": "array", "items": {"type": "integer"}},
            {"type": "array", "items": {"type": "integer"}},
        ),
        ({"type": "string", "description": "x\u200by" * 200}, None),
    ],
)
def test_only_types_choices_and_words_are_kept(given: Any, kept: Any) -> None:  # noqa: ANN401
    told = argument(given)
    if kept is None:
        assert len(told["description"]) <= 300
        assert "\u200b" not in told["description"]
    else:
        assert told == kept


def test_names_that_are_none_and_arguments_without_end_are_left_out() -> None:
    many = {f"a{number}": {"type": "string"} for number in range(100)}
    told = reduced({"properties": {"bad name": {}, **many}, "required": ["a0", "bad name", "a99"]})
    assert len(told["properties"]) == MOST_ARGUMENTS - 1
    assert told["required"] == ["a0"]


@given(ANYTHING)
def test_whatever_comes_the_outcome_is_a_valid_closed_schema(schema: object) -> None:
    told = reduced(schema if isinstance(schema, dict) else {"properties": {"it": schema}})  # pyright: ignore[reportUnknownArgumentType]
    Draft202012Validator.check_schema(told)
    assert told["additionalProperties"] is False
