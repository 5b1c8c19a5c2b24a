"""The file of other MCP servers: what it gives, and how a mistake in it is told."""

import json
from pathlib import Path

import pytest

from bot.agents.mcp import McpServer
from bot.hosting.config_files import WrongFile
from bot.hosting.servers_file import read_servers

HERE = "http://127.0.0.1:9/mcp"


def written(folder: Path, text: object) -> Path:
    file = folder / "servers.json"
    file.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return file


def test_servers_are_read_with_their_tools_and_who_calls_them(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        {
            "runbooks": {"url": "https://runbooks.test/mcp", "reads": ["search"], "caller": "bot"},
            "wiki": {"url": "https://wiki.test/mcp"},
        },
    )
    assert read_servers(file, "model", ("MicrosoftLearn",)) == (
        McpServer(
            label="runbooks", url="https://runbooks.test/mcp", reads=("search",), by_bot=True
        ),
        McpServer(label="wiki", url="https://wiki.test/mcp"),
    )


@pytest.mark.parametrize(
    ("url", "caller", "by_bot"),
    [
        ("https://wiki.test/mcp", "model", False),
        ("https://wiki.test/mcp", "bot", True),
        # No cloud reaches a server on this machine.
        (HERE, "model", True),
    ],
)
def test_who_calls_is_as_for_the_documentation_unless_it_is_said(
    url: str, caller: str, by_bot: bool, tmp_path: Path
) -> None:
    file = written(tmp_path, {"wiki": {"url": url}})
    (one,) = read_servers(file, "bot" if caller == "bot" else "model", ())
    assert one.by_bot is by_bot


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "the file"),
        ("[1]", "the file"),
        ({"wiki": {}}, "wiki.url"),
        ({"wiki": {"url": "http://wiki.test/mcp"}}, "use https"),
        ({"wiki": {"url": "https://"}}, "use https"),
        ({"wiki": {"url": HERE, "reads": ["a b"]}}, "wiki.reads.0"),
        ({"wiki": {"url": HERE, "read": ["a"]}}, "wiki.read"),
        ({"wiki": {"url": HERE, "caller": "teams"}}, "wiki.caller"),
        ({"a__b": {"url": HERE}}, "a__b"),
        ({"a_": {"url": HERE}}, "a_"),
        ({"x" * 33: {"url": HERE}}, "x"),
        ({"microsoftlearn": {"url": HERE}}, "another server has that name"),
        ({"wiki": {"url": HERE}, "Wiki": {"url": HERE}}, "another server has that name"),
    ],
)
def test_a_mistake_names_its_place(text: object, said: str, tmp_path: Path) -> None:
    file = written(tmp_path, text)
    with pytest.raises(WrongFile, match=f"ADFOPS_MCP_SERVERS: .*{said}"):
        read_servers(file, "model", ("MicrosoftLearn",))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=r"none\.json: cannot be read"):
        read_servers(tmp_path / "none.json", "model", ())
