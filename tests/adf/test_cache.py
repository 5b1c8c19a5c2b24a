"""Equal questions share a call, answers are true about their age, and trouble knows what was."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import pytest

from adf.cache import KEPT, MOST_ANSWERS, MOST_ROWS, AnswerCache, Key
from adf.errors import AdfError, Forbidden, NotFound, Throttled, Unavailable
from adf.records import PipelineRun, RunList, RunStatus, TimeRange
from adf.tool import Arguments, Toolbox, ToolCall, tool

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **lasting: float) -> None:
        self.now += timedelta(**lasting)


class Shelf:
    """Books in rooms; each asking is counted, can be held up, and can go wrong."""

    def __init__(self, *rooms: str) -> None:
        self.rooms = rooms or ("attic",)
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()
        self.wrong: AdfError | None = None

    def scope_of(self, arguments: Arguments) -> tuple[str, ...]:
        return (str(arguments["factory"] or self.rooms[0]),)

    async def count(self) -> int:
        self.asked += 1
        number = self.asked
        await self.open.wait()
        if self.wrong:
            raise self.wrong
        return number


@tool(progress="Working", reads=True)
async def count_books(
    shelf: Shelf,
    title: Annotated[str | None, "part of the title"] = None,
    hours: float | None = None,
    factory: str | None = None,
) -> int:
    """Count books."""
    return await shelf.count()


@tool(progress="Working", reads=True, limit=0.01)
async def count_all(shelf: Shelf) -> int:
    """Count every book."""
    await asyncio.Event().wait()
    return 0


class Desk:
    """One memory of answers, and toolboxes of many askers."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.answers = AnswerCache(self.clock)
        self.calls: list[ToolCall] = []

    def box(self, shelf: Shelf) -> Toolbox:
        return Toolbox([count_books], [shelf], self.calls.append, self.answers)


async def test_an_equal_question_within_a_moment_is_answered_from_memory() -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    assert await box.call("count_books", title="Dune", hours=2) == 1
    desk.clock.wait(seconds=19)
    assert await box.call("count_books", hours=2.0, title="Dune", factory="attic") == 1
    desk.clock.wait(seconds=1)
    assert await box.call("count_books", title="Dune", hours=2) == 2
    assert len(desk.calls) == 3


async def test_another_argument_or_another_factory_is_another_question() -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    for arguments in ({}, {"title": "Dune"}, {"hours": 2}, {"factory": "cellar"}):
        await box.call("count_books", **arguments)
    assert shelf.asked == 4


async def test_who_means_another_factory_by_default_gets_no_foreign_answer() -> None:
    desk, attic, cellar = Desk(), Shelf("attic"), Shelf("cellar")
    await desk.box(attic).call("count_books")
    await desk.box(cellar).call("count_books")
    assert (attic.asked, cellar.asked) == (1, 1)
    await desk.box(cellar).call("count_books", factory="attic")
    assert cellar.asked == 1


async def test_equal_questions_at_the_same_time_share_one_call() -> None:
    desk, shelf = Desk(), Shelf()
    shelf.open.clear()
    asking = [
        asyncio.create_task(desk.box(shelf).call("count_books", title="Dune")) for _ in range(50)
    ]
    await until(lambda: shelf.asked == 1)
    shelf.open.set()
    assert set(await asyncio.gather(*asking)) == {1}
    assert len(desk.calls) == 50


async def test_who_gives_up_leaves_the_answer_to_the_others() -> None:
    desk, shelf = Desk(), Shelf()
    shelf.open.clear()
    first, second = (asyncio.create_task(desk.box(shelf).call("count_books")) for _ in range(2))
    await until(lambda: shelf.asked == 1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    shelf.open.set()
    assert await second == 1


async def test_when_all_give_up_the_call_ends_and_the_next_asks_anew() -> None:
    desk, shelf = Desk(), Shelf()
    shelf.open.clear()
    only = asyncio.create_task(desk.box(shelf).call("count_books"))
    await until(lambda: shelf.asked == 1)
    only.cancel()
    with pytest.raises(asyncio.CancelledError):
        await only
    shelf.open.set()
    assert await desk.box(shelf).call("count_books") == 2


@pytest.mark.parametrize("kind", [Throttled, Unavailable, Forbidden])
async def test_trouble_carries_what_was_known_and_since_when(kind: type[AdfError]) -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    await box.call("count_books")
    desk.clock.wait(minutes=10)
    shelf.wrong = kind("sorry")
    with pytest.raises(kind) as failed:
        await box.call("count_books")
    assert failed.value.last_known is not None
    assert (failed.value.last_known.record, failed.value.last_known.at) == (1, NOW)


async def test_nothing_is_known_of_another_question_or_after_a_day() -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    await box.call("count_books")
    shelf.wrong = Throttled("slow")
    with pytest.raises(Throttled) as failed:
        await box.call("count_books", title="Dune")
    assert failed.value.last_known is None
    desk.clock.wait(seconds=KEPT.total_seconds() + 1)
    with pytest.raises(Throttled) as failed:
        await box.call("count_books")
    assert failed.value.last_known is None


async def test_errors_are_not_kept() -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    shelf.wrong = Throttled("slow")
    with pytest.raises(Throttled):
        await box.call("count_books")
    shelf.wrong = None
    assert await box.call("count_books") == 2


async def test_what_does_not_exist_any_more_is_forgotten() -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    await box.call("count_books")
    desk.clock.wait(minutes=1)
    for error in (NotFound("gone"), Throttled("slow")):
        shelf.wrong = error
        with pytest.raises(type(error)) as failed:
            await box.call("count_books")
    assert failed.value.last_known is None


async def test_news_of_a_factory_make_its_answers_old_but_not_forgotten() -> None:
    desk, shelf = Desk(), Shelf()
    box = desk.box(shelf)
    for room in ("attic", "cellar"):
        await box.call("count_books", factory=room)
    desk.answers.outdate("attic")
    assert await box.call("count_books", factory="cellar") == 2
    shelf.wrong = Throttled("slow")
    with pytest.raises(Throttled) as failed:
        await box.call("count_books", factory="attic")
    assert failed.value.last_known is not None


async def test_memory_is_bounded_by_answers_and_by_rows() -> None:
    answers = AnswerCache(Clock())
    asked: list[int] = []

    async def ask(number: int, record: object) -> None:
        async def fetch() -> object:
            asked.append(number)
            return record

        await answers.answer(Key(tool="t", arguments=number, scope=("f",)), fetch)

    for number in range(MOST_ANSWERS + 1):
        await ask(number, number)
    await ask(MOST_ANSWERS, "known")
    await ask(0, "forgotten")
    assert len(asked) == MOST_ANSWERS + 2
    for number in range(-1, -5, -1):
        await ask(number, runs(MOST_ROWS // 3))
    await ask(-4, "known")
    await ask(-1, "forgotten")
    assert asked[MOST_ANSWERS + 2 :] == [-1, -2, -3, -4, -1]
    await ask(-9, runs(MOST_ROWS))
    await ask(-9, "too much to keep")
    assert asked[-2:] == [-9, -9]


async def test_a_call_that_takes_too_long_is_told_as_such() -> None:
    with pytest.raises(Unavailable, match=r"no answer within 0\.01 s"):
        await Toolbox([count_all], [Shelf()]).call("count_all")


def runs(much: int) -> RunList:
    one = PipelineRun(factory="f", run_id="r", pipeline="A", status=RunStatus.FAILED)
    return RunList(
        factory="f",
        runs=(one,) * much,
        time_range=TimeRange(start=NOW, end=NOW),
        as_of=NOW,
    )


async def until(happened: object) -> None:
    """Let the other tasks go on until something happened."""
    assert callable(happened)
    for _ in range(1000):
        if happened():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not happen")
