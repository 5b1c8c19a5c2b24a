"""Bicep without its compiler: every name that is used is declared, and the other way round."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

FILES = sorted((Path(__file__).parents[2] / "deploy").glob("*.bicep"))
# What Bicep brings: those of its functions that are used here.
FUNCTIONS = {
    *("cidrSubnet", "concat", "empty", "environment", "guid", "items", "json", "listKeys"),
    *("loadJsonContent", "loadTextContent", "replace", "resourceGroup", "string"),
    *("subscription", "subscriptionResourceId", "take", "tenant", "toLower", "union"),
    "uniqueString",
}
DECLARATIONS = {
    f"{kind}_declaration" for kind in ("parameter", "variable", "resource", "module", "output")
}


def parsed(text: bytes) -> Node:
    return Parser(Language(tree_sitter_bicep.language())).parse(text).root_node


def name_of(node: Node) -> str:
    return (node.text or b"").decode()


def names(node: Node, declared: set[str], used: set[str], functions: set[str]) -> None:
    """Collect what a file declares, uses and calls."""
    own = next((one for one in node.children if one.type == "identifier"), None)
    for child in node.children:
        if child.type == "decorators":
            continue
        if child.type in {"loop_variable", "loop_enumerator"}:
            declared.add(name_of(child))
        elif child.type != "identifier":
            names(child, declared, used, functions)
        elif node.type == "call_expression":
            functions.add(name_of(child))
        elif _is_declared(child, node, own):
            declared.add(name_of(child))
        elif not (child == own and node.type in {"object_property", "output_declaration"}):
            used.add(name_of(child))


def _is_declared(child: Node, node: Node, own: Node | None) -> bool:
    """Whether this is where a name is introduced."""
    if node.type == "for_statement":
        has_two = any(one.type == "for_loop_parameters" for one in node.children)
        return child == own and not has_two
    return child == own and node.type in DECLARATIONS - {"output_declaration"}


def wrong(text: bytes) -> Iterator[str]:
    """Each name that is not declared, not used, or no function."""
    declared, used, functions = set[str](), set[str](), set[str]()
    root = parsed(text)
    names(root, declared, used, functions)
    kinds = {
        name_of(one.children[1]): one.type for one in root.children if one.type in DECLARATIONS
    }
    yield from (f"{one} is not declared" for one in sorted(used - declared - FUNCTIONS))
    yield from (f"{one} is no function" for one in sorted(functions - FUNCTIONS))
    values = {name for name, kind in kinds.items() if kind.startswith(("parameter", "variable"))}
    yield from (f"{one} is not used" for one in sorted(values - used))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_name_of_a_file_is_declared_and_used(file: Path) -> None:
    assert list(wrong(file.read_bytes())) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("param a string\nvar b = a\noutput c string = d", "d is not declared"),
        ("param a string\noutput c string = 'x'", "a is not used"),
        ("param a string\noutput c string = upper(a)", "upper is no function"),
        ("param a string\noutput c string = 'x${b}${a}'", "b is not declared"),
    ],
)
def test_a_wrong_name_is_found(text: str, said: str) -> None:
    assert said in list(wrong(text.encode()))
