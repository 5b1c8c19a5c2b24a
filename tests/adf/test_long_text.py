"""A long text is capped before anything reads it, and what is heavy is read beside the loop."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from adf.client.off_loop import HEAVY_TEXT, is_heavy, read_off_loop
from adf.diagnosis import diagnose
from adf.redaction import HIDDEN, redact, redact_json, redact_name, redact_start
from adf.redaction.capping import LEFT_OUT, LONGEST, OVERLAP, capped
from tests.adf.hostile import bombs

MEGABYTES = 10_000_000
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("text", [text for _, text in bombs(3 * LONGEST)])
def test_no_more_than_a_bounded_part_of_a_long_text_is_read(text: str) -> None:
    read: list[int] = []

    def clean(part: str) -> str:
        read.append(len(part))
        return part

    shown = capped(text, LONGEST, clean)
    assert sum(read) <= LONGEST + 2 * OVERLAP
    assert len(shown) <= LONGEST


def test_the_beginning_and_the_innermost_part_are_kept() -> None:
    shown = redact("Operation on target A failed: " + "x" * MEGABYTES + " JreNotFound")
    assert shown.startswith("Operation on target A failed: ")
    assert shown.endswith(" JreNotFound")
    assert LEFT_OUT in shown


@pytest.mark.parametrize("at", range(0, 64, 7))
def test_no_secret_passes_because_the_cut_took_its_name_or_its_end(at: int) -> None:
    secret = "Zq7-planted+Secret/42"
    text = (f"Password={secret};" + "y" * at) * (3 * LONGEST // 40)
    shown = redact(text)
    assert LEFT_OUT in shown
    assert [part for part in ("planted", "Secret/42", "Zq7") if part in shown] == []


@pytest.mark.parametrize("at", range(0, 64, 7))
def test_who_keeps_the_start_of_a_text_has_no_more_of_it_read(at: int) -> None:
    secret = "Zq7-planted+Secret/42"
    text = "y" * at + f"Password={secret};" * LONGEST
    shown = redact_start(text, 200)
    assert shown.startswith(redact(text[:4_000])[:200])
    assert len(shown) <= 200 + OVERLAP
    assert [part for part in ("planted", "Secret/42", "Zq7") if part in shown] == []
    assert redact_start("short", 200) == "short"


def test_nobody_has_a_whole_text_redacted_to_keep_its_start() -> None:
    kept = re.compile(
        r"\bredact\((?:[^()]|\([^()]*\))*\)(?:\.split\(\)\)?)?\[|plain(?:_line)?\(redact\("
    )
    files = (file for room in ("bot", "cards") for file in (ROOT / room).rglob("*.py"))
    assert [file.name for file in files if kept.search(file.read_text(encoding="utf-8"))] == []


def test_a_cut_text_is_cut_once() -> None:
    once = redact("pwd=abcdef1; " * LONGEST)
    assert len(once) <= LONGEST
    assert redact(once) == once


def test_an_error_of_megabytes_is_diagnosed_by_its_end() -> None:
    assert diagnose("a b c " * (MEGABYTES // 6) + "JreNotFound").code == "JreNotFound"


@pytest.mark.parametrize(
    "wire",
    [
        {"message": "x" * (HEAVY_TEXT + 1)},
        {"value": [{"error": {"message": "y" * 500}} for _ in range(30)]},
        {"output": [[{"a": [1, {"b": "z" * HEAVY_TEXT + "z"}]}]]},
        {"parameters": {"k" * (HEAVY_TEXT + 1): 1}},
        [{} for _ in range(5_000)],
    ],
)
async def test_what_is_heavy_is_read_in_a_thread(wire: object) -> None:
    assert is_heavy(wire)
    assert await read_off_loop(threading.current_thread, wire) is not threading.main_thread()


@pytest.mark.parametrize("wire", [{}, "x", {"message": "short"}, [{"runId": "1"}] * 20, None])
async def test_what_is_light_is_read_at_once(wire: object) -> None:
    assert not is_heavy(wire)
    read: Callable[[], object] = threading.current_thread
    assert await read_off_loop(read, wire) is threading.current_thread()


def test_a_name_of_megabytes_is_cut_and_its_value_judged_by_its_end() -> None:
    longest = max(len(redact_name("a b" * MEGABYTES)), len(redact_name("Copy " * MEGABYTES)))
    assert longest <= 1_024
    assert HIDDEN in redact_json({"x" * MEGABYTES + "Password": "abcdef"}).values()


def test_a_look_at_the_size_is_never_long() -> None:
    deep: object = "x"
    for _ in range(50_000):
        deep = [deep]
    assert is_heavy(deep)
