"""For one question a tool that only reads is called once for the same arguments."""

from dataclasses import dataclass, field

from adf.tool import Toolbox, ToolCall, tool


@dataclass
class Ledger:
    """What the tools work on: it counts how often it was read."""

    read: list[str] = field(default_factory=list[str])


@tool(progress="Reading", reads=True)
async def look_at(ledger: Ledger, name: str, factory: str | None = None) -> str:
    """Look at one entry."""
    ledger.read.append(name)
    return f"{name} of {factory}, read {len(ledger.read)}"


@tool(progress="Writing", reads=False)
async def write_down(ledger: Ledger, name: str) -> str:
    """Write one entry."""
    del ledger
    return name


def tools_of(ledger: Ledger, calls: list[ToolCall]) -> Toolbox:
    return Toolbox([look_at, write_down], [ledger], calls.append)


async def test_the_same_is_read_once_and_counted_once() -> None:
    ledger, calls = Ledger(), list[ToolCall]()
    once = tools_of(ledger, calls).reading_once()
    assert await once.call("look_at", name="a") == await once.call("look_at", name="a")
    assert (ledger.read, len(calls)) == (["a"], 1)


async def test_another_argument_or_factory_is_another_reading() -> None:
    ledger, calls = Ledger(), list[ToolCall]()
    once = tools_of(ledger, calls).reading_once()
    for given in ({"name": "a"}, {"name": "b"}, {"name": "a", "factory": "uat"}):
        await once.call("look_at", **given)
    assert len(ledger.read) == 3


async def test_what_was_done_in_between_makes_it_read_again() -> None:
    ledger, calls = Ledger(), list[ToolCall]()
    once = tools_of(ledger, calls).reading_once()
    for name in ("look_at", "write_down", "look_at"):
        await once.call(name, name="a")
    assert ledger.read == ["a", "a"]


async def test_the_next_question_reads_anew() -> None:
    ledger, calls = Ledger(), list[ToolCall]()
    tools = tools_of(ledger, calls)
    for _ in range(2):
        await tools.reading_once().call("look_at", name="a")
    assert ledger.read == ["a", "a"]
