"""Foreign text in a ticket is plain there: no secret, link, mention or markup, and bounded."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.tickets.plain_text import plain_block, plain_line
from bot.tickets.systems.azure_devops import html
from bot.tickets.systems.jira import document, wiki
from bot.tickets.text import LONGEST_ERROR, LONGEST_TITLE, text_of
from tests.bot.tickets.stage import LOAD, ROOM

HOSTILE = (
    "see https://evil.example/a and http://10.0.0.1/x and //evil.example/b www.evil.example",
    "mailto:a@evil.example javascript:alert(1) data:text/html,x file:///etc/passwd tel:+1",
    "<script>alert(1)</script><img src=x onerror=y> &lt;b&gt; &#60;i&#62;",
    "[code]<b>bold</b>[/code] [CODE]<a href='https://evil.example'>x</a>[/CODE]",
    "[~accountid:5b10] [~admin] @everyone @<guid> <at>everyone</at>",
    "[click](https://evil.example) ![x](http://evil.example/p.png) [a|https://evil.example]",
    "{html}x{html} {noformat}*b*{noformat} {color:red}x{color} !http://evil.example/x.png!",
    "h1. Title\n* item\n- item\n# item\nbq. quote\n|cell|\n||head||",
    "Password=Hunter2;AccountKey=abcdefgh12345678abcdefgh12345678abcdefgh12345678abcdefgh12345678==",
    "\u202eevil\u200b \x00\x1b[31m \ufeff",
    "https://adf.azure.com/en/monitoring https://portal.azure.com/x",
)
LIVE = re.compile(
    r"(?i)(?:https?|ftp|file):/|www\.\w|(?:mailto|javascript|data|tel):\S|@\w|<[a-z/!?]"
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_it_can_be_pressed_or_calls_anybody(text: str) -> None:
    for made in (plain_line(text, 400), plain_block(text, 400)):
        assert LIVE.search(made) is None, made
        assert not re.search(r"(?i)\[/?code\]|\[~|\]\(|&#?\w+;", made)
        assert "Hunter2" not in made
        assert not re.search(r"[\x00-\x09\x0b-\x1f\u200b-\u200f\u202a-\u202e\ufeff]", made)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_field_of_an_incident_is_foreign(text: str) -> None:
    report = replace(
        LOAD, cause=text, error=text, pipelines=(text,), waiting=(text,), history=text, owner=text
    )
    said = text_of(report, text, text, ROOM)
    own = said.thread
    assert own.startswith("https://teams.microsoft.com/l/message/")
    for made in (said.title, *said.lines, said.error):
        assert LIVE.search(made) is None, made


@pytest.mark.parametrize("text", HOSTILE)
def test_in_jira_cloud_only_our_own_link_is_a_node(text: str) -> None:
    said = text_of(replace(LOAD, cause=text, error=text), text, "Maya", ROOM)
    nodes = list(_nodes(document(said)))
    assert {one["type"] for one in nodes} <= {"doc", "paragraph", "codeBlock", "text", "link"}
    links = [one["attrs"]["href"] for one in nodes if one["type"] == "link"]
    assert links == [said.thread]


@pytest.mark.parametrize("text", HOSTILE)
def test_in_azure_devops_only_our_own_tags_are_tags(text: str) -> None:
    said = text_of(replace(LOAD, cause=text, error=text), text, "Maya", ROOM)
    tags = re.findall(r"<[^>]*>", html(said))
    assert {one.split()[0].strip("</>") for one in tags} <= {"div", "pre", "a"}
    assert [one for one in tags if one.startswith("<a ")] == [
        f'<a href="{said.thread.replace("&", "&amp;")}">'
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_in_jira_data_center_markup_is_escaped(text: str) -> None:
    said = text_of(replace(LOAD, cause=text, error=text), text, "Maya", ROOM)
    made = wiki(said)
    outside, inside, own = made.split("{noformat}")
    assert "noformat" not in inside or "{ noformat}" in inside
    assert not re.search(r"(?<!\\)[{}\[\]*_+^~!|?]", outside), outside
    assert own.strip() == f"[Open in Microsoft Teams|{said.thread}]"


def test_what_is_long_is_cut() -> None:
    long = "x" * 50_000
    said = text_of(replace(LOAD, pipelines=(long,), error=long, cause=long), long, "Maya", ROOM)
    assert len(said.title) <= LONGEST_TITLE
    assert len(said.error) <= LONGEST_ERROR
    assert len(json.dumps(document(said))) < 10_000


def test_a_note_is_named_as_that_of_who_wrote_it() -> None:
    said = text_of(LOAD, "vendor file was missing", "Maya", ROOM)
    assert "Note from Maya: vendor file was missing" in said.lines


def _nodes(node: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(node, Mapping):
        found = cast("Mapping[str, Any]", node)
        if "type" in found:
            yield found
        for each in found.values():
            yield from _nodes(each)
    elif isinstance(node, list):
        for each in cast("list[Any]", node):
            yield from _nodes(each)
