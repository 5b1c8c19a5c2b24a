"""An answer grows by pieces at the pace of Teams; whatever goes wrong, it comes whole and once."""

import asyncio
from dataclasses import replace

import pytest

from bot.agents.interface import Answer, Progress, Words
from bot.messages import Address, Cited, Piece, Reply, Scope, Unreachable
from bot.outbox import NotDelivered
from bot.turns.streaming import PACE, LiveStream, StreamStarter
from cards.card import Card

CHAT = Address(
    scope=Scope.PERSONAL,
    tenant="t",
    service_url="https://x/",
    conversation="a:chat",
    bot_id="28:b",
    bot_name="ADF Ops",
)
CARD = Card(kind="run_card", content={}, summary="Fine")
REPLY = Reply(address=CHAT, card=CARD)


class Gone(NotDelivered, Unreachable):
    """Nobody is there."""


class Outbox:
    """Keeps what was sent; `troubles` are raised by the calls of that name."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.ends: list[Reply] = []
        self.edits: list[Reply] = []
        self.sent: list[Reply] = []
        self.troubles: dict[str, Exception] = {}
        self.gate: asyncio.Event | None = None
        self.stream_id = "s-1"
        self.arrived = asyncio.Event()

    async def stream(self, piece: Piece) -> str:
        self._trouble("stream")
        if self.gate:
            await self.gate.wait()
        self.pieces.append(piece)
        self.arrived.set()
        return self.stream_id if piece.sequence == 1 else ""

    async def end_stream(self, reply: Reply, stream: str) -> None:
        assert stream == "s-1"
        self.ends.append(reply)
        self._trouble("end")

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        assert (address, message_id) == (CHAT, "s-1")
        self.edits.append(reply)
        self._trouble("update")

    async def send(self, reply: Reply) -> str:
        self.sent.append(reply)
        return "m-1"

    def _trouble(self, name: str) -> None:
        if name in self.troubles:
            raise self.troubles[name]


class Time:
    """A clock that waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Scene:
    """A stream with fakes around it."""

    def __init__(self) -> None:
        self.outbox, self.time = Outbox(), Time()
        streaming = StreamStarter(self.outbox, sleep=self.time.sleep, seconds=self.time)
        live = streaming.at(CHAT)
        assert live is not None
        self.live: LiveStream = live

    async def shows(self, *steps: Progress | Words) -> None:
        """Each step is shown before the next one comes."""
        for step in steps:
            self.outbox.arrived.clear()
            self.live.add(step)
            await self.outbox.arrived.wait()


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize("scope", [Scope.CHANNEL, Scope.GROUP])
def test_only_personal_chats_have_streams(scope: Scope, scene: Scene) -> None:
    assert StreamStarter(scene.outbox).at(replace(CHAT, scope=scope)) is None


async def test_pieces_are_numbered_and_each_holds_the_former_text(scene: Scene) -> None:
    await scene.shows(Progress(doing="Looking"), Words(text="One. "), Words(text="Two."))
    assert [one.text for one in scene.outbox.pieces] == ["Looking…", "One. ", "One. Two."]
    assert [one.sequence for one in scene.outbox.pieces] == [1, 2, 3]
    assert [one.stream for one in scene.outbox.pieces] == ["", "s-1", "s-1"]
    assert [one.informative for one in scene.outbox.pieces] == [True, False, False]
    assert set(scene.time.waits) == {PACE}
    await scene.live.close()


async def test_what_comes_within_a_second_comes_together(scene: Scene) -> None:
    scene.live.add(Words(text="One. "))
    scene.live.add(Words(text="Two. "))
    assert await scene.live.finish(REPLY, replace(REPLY, text="One. Two.")) in {"s-1", "m-1"}
    assert len(scene.outbox.pieces) <= 1


async def test_words_after_another_look_begin_apart(scene: Scene) -> None:
    await scene.shows(Words(text="Let me look."))
    scene.live.add(Progress(doing="Looking"))
    await scene.shows(Words(text="It **is** `fine`."))
    assert scene.outbox.pieces[-1].text == "Let me look.\n\nIt is fine."
    await scene.live.finish(REPLY, replace(REPLY, text="It **is** `fine`."))
    assert scene.outbox.ends[0].text == "Let me look.\n\nIt is fine."
    assert scene.outbox.edits == []


async def test_the_end_carries_card_label_and_marks_of_its_pages(scene: Scene) -> None:
    await scene.shows(Words(text="It is fine."))
    pages = (Cited(title="A", url="https://a"), Cited(title="B", url="https://b"))
    streamed = replace(REPLY, text="It is fine.", generated=True, sources=pages)
    assert await scene.live.finish(REPLY, streamed) == "s-1"
    assert scene.outbox.ends == [replace(streamed, text="It is fine. [1][2]")]
    assert (scene.outbox.edits, scene.outbox.sent) == ([], [])


async def test_without_anything_shown_the_answer_is_a_message(scene: Scene) -> None:
    scene.live.add(Answer(text="x"))
    assert await scene.live.finish(REPLY, None) == "m-1"
    assert scene.outbox.sent == [REPLY]


@pytest.mark.parametrize("streamed", [None, replace(REPLY, text="Something else.")])
async def test_words_that_do_not_stand_are_ended_as_shown_and_replaced(
    streamed: Reply | None, scene: Scene
) -> None:
    await scene.shows(Words(text="Believe me."))
    assert await scene.live.finish(REPLY, streamed) == "s-1"
    assert scene.outbox.ends == [Reply(address=CHAT, text="Believe me.")]
    assert scene.outbox.edits == [REPLY]
    assert scene.outbox.sent == []


@pytest.mark.parametrize("reply", [REPLY, Reply(address=CHAT, text="Fine")])
async def test_where_only_what_is_done_was_shown_the_end_is_the_answer(
    reply: Reply, scene: Scene
) -> None:
    await scene.shows(Progress(doing="Looking"))
    await scene.live.finish(reply, None)
    assert scene.outbox.ends == [replace(reply, text="Fine")]
    assert scene.outbox.edits == []


async def test_a_stream_that_breaks_ends_in_one_message(scene: Scene) -> None:
    await scene.shows(Words(text="It is "))
    scene.outbox.troubles["stream"] = NotDelivered("403 ContentStreamNotAllowed")
    scene.live.add(Words(text="fine."))
    await scene.time.sleep(0)
    assert await scene.live.finish(REPLY, replace(REPLY, text="It is fine.")) == "m-1"
    assert not scene.live.is_shown
    assert (scene.outbox.sent, scene.outbox.ends, scene.outbox.edits) == ([REPLY], [], [])


async def test_a_broken_stream_of_words_that_do_not_stand_is_replaced(scene: Scene) -> None:
    await scene.shows(Words(text="Believe "))
    scene.outbox.troubles["stream"] = NotDelivered("403")
    scene.live.add(Words(text="me."))
    assert await scene.live.finish(REPLY, None) == "s-1"
    assert (scene.outbox.edits, scene.outbox.sent) == ([REPLY], [])


async def test_a_stream_without_an_id_is_none(scene: Scene) -> None:
    scene.outbox.stream_id = ""
    await scene.shows(Words(text="It is fine."))
    assert await scene.live.finish(REPLY, replace(REPLY, text="It is fine.")) == "m-1"


async def test_an_end_that_may_have_arrived_is_put_in_its_place_not_sent_again(
    scene: Scene,
) -> None:
    await scene.shows(Words(text="It is fine."))
    scene.outbox.troubles["end"] = NotDelivered("503")
    assert await scene.live.finish(REPLY, replace(REPLY, text="It is fine.")) == "s-1"
    assert (scene.outbox.edits, scene.outbox.sent) == ([REPLY], [])


async def test_where_nothing_can_be_replaced_the_answer_is_a_message(scene: Scene) -> None:
    await scene.shows(Words(text="It is fine."))
    scene.outbox.troubles |= {"end": NotDelivered("403"), "update": NotDelivered("404")}
    assert await scene.live.finish(REPLY, replace(REPLY, text="It is fine.")) == "m-1"


@pytest.mark.parametrize("where", ["end", "update"])
async def test_nobody_there_is_told_as_always(where: str, scene: Scene) -> None:
    await scene.shows(Words(text="It is fine."))
    scene.outbox.troubles[where] = Gone()
    with pytest.raises(Unreachable):
        await scene.live.finish(REPLY, None)


async def test_after_two_minutes_nothing_is_streamed_and_the_answer_is_a_message(
    scene: Scene,
) -> None:
    await scene.shows(Words(text="It is "))
    scene.time.now += 115
    scene.live.add(Words(text="fine."))
    await asyncio.sleep(0)
    assert await scene.live.finish(REPLY, replace(REPLY, text="It is fine.")) == "m-1"
    assert len(scene.outbox.pieces) == 1


async def test_the_end_waits_for_the_piece_that_is_under_way(scene: Scene) -> None:
    scene.outbox.gate = asyncio.Event()
    scene.live.add(Words(text="It is fine."))
    await asyncio.sleep(0)
    ending = asyncio.create_task(scene.live.finish(REPLY, replace(REPLY, text="It is fine.")))
    await asyncio.sleep(0)
    assert scene.outbox.ends == []
    scene.outbox.gate.set()
    assert await ending == "s-1"


async def test_a_turn_that_is_cut_off_shows_nothing_more(scene: Scene) -> None:
    await scene.shows(Words(text="It is "))
    await scene.live.close()
    scene.live.add(Words(text="fine."))
    await asyncio.sleep(0)
    assert len(scene.outbox.pieces) == 1
