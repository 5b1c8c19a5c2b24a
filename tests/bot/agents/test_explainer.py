"""What a model says becomes words below a card or an answer of its own; what it lacks, one line."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import count

import pytest

from adf.records import RunStatus
from bot.agents.conversations import ModelConversations
from bot.agents.explainer import SPENT, Explainer, ProseMode, marked
from bot.agents.interface import Answer, Approval, Progress, Question, Spent, Step, Words
from bot.agents.model import FailureKind, ModelAnswer, not_whole, sentence_of
from bot.messages import Reply
from bot.state.conversations import ConversationStates
from bot.state.store import MemoryStore
from bot.state.usage import ModelUsage
from cards.gallery import typical
from cards.records import DocsAnswer, Explanation, Help, Notice, PageSource, Used
from tests.bot.turns.test_explanations import to_explain
from tests.bot.turns.test_handler import MAYA, NOW, THREAD

PAGE = PageSource(title="Copy activity", url="https://learn.microsoft.com/copy")
QUESTION = replace(to_explain("why").question, records=(typical.FAILURE,))
ALONE = replace(QUESTION, records=())


class Model:
    """Yields what it was given."""

    def __init__(self, *steps: Step | Exception) -> None:
        self.steps = steps
        self.asked = 0

    async def route(self, question: Question) -> ModelAnswer:
        raise AssertionError(question.text)

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        self.asked += 1
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step


class Hanging(Model):
    """Yields what it was given, and then thinks for ever."""

    def __init__(self, *steps: Step) -> None:
        super().__init__(*steps)
        self.hangs = asyncio.Event()

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        async for step in super().answer(question):
            yield step
        self.hangs.set()
        await asyncio.Event().wait()


def explainer(
    model: Model,
    *,
    prose: ProseMode = ProseMode.FAILURES,
    ceiling: int | None = None,
    seconds: Iterator[float] | None = None,
) -> tuple[Explainer, ModelUsage]:
    spending = ModelUsage(MemoryStore(), lambda: NOW, ceiling)
    clock = seconds or count()
    return Explainer(model, spending, prose, seconds=lambda: float(next(clock))), spending


def remembering(*steps: Step | Exception) -> tuple[Explainer, ConversationStates]:
    """Somebody with words whose talks are kept."""
    store = MemoryStore()
    memories, spending = ConversationStates(store, lambda: NOW), ModelUsage(store, lambda: NOW)
    talks = ModelConversations(memories)
    return Explainer(Model(*steps), spending, ProseMode.FAILURES, conversations=talks), memories


async def test_where_a_talk_stands_is_kept_and_the_answer_remembers_the_rest() -> None:
    asks, memories = remembering(ModelAnswer(text="Yes.", memory={"pipeline": "A", "model": 1}))
    worded = await asks.ask(replace(ALONE, memory={"pipeline": "A"}))
    assert worded.answer.memory == {"pipeline": "A"}
    assert await memories.recall(THREAD.conversation, MAYA.person_id) == {"model": 1}


async def test_a_talk_that_cannot_be_kept_costs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    asks, _ = remembering(ModelAnswer(text="Yes.", memory={"model": "x" * 20_000}))
    assert (await asks.ask(ALONE)).explanation.words == "Yes."
    assert "could not be saved" in caplog.text


async def test_words_stand_below_the_card_with_their_pages() -> None:
    told = ModelAnswer(text=" A row without a key. ", sources=(PAGE,))
    worded = await explainer(Model(Progress(doing="thinking"), told))[0].ask(QUESTION)
    assert worded.explanation == Explanation(words="A row without a key.", sources=(PAGE,))
    assert not worded.failed


async def test_words_alone_are_an_answer_marked_as_generated() -> None:
    told = ModelAnswer(text="Forty five days.", sources=(PAGE,))
    worded = await explainer(Model(told))[0].ask(ALONE)
    assert worded.answer.records == (
        DocsAnswer(question="why", finding="Forty five days.", sources=(PAGE,), generated=True),
    )
    assert worded.answer.text is None


async def test_what_was_looked_up_is_shown_though_the_words_failed() -> None:
    line = sentence_of(FailureKind.CONFIG, explains=False)
    told = ModelAnswer(
        records=(typical.FAILURE,),
        note=line,
        missing=line,
        failure=FailureKind.CONFIG,
        sure=False,
    )
    worded = await explainer(Model(told))[0].ask(ALONE)
    assert worded.answer.records == (typical.FAILURE,)
    assert worded.answer.note is None
    assert worded.explanation == Explanation(missing=line)
    assert not worded.failed


async def test_what_a_steered_model_looked_up_is_not_shown() -> None:
    line = sentence_of(FailureKind.HOSTILE, explains=False)
    told = ModelAnswer(
        records=(typical.FAILURE,), missing=line, failure=FailureKind.HOSTILE, memory={"model": 0}
    )
    asks, memories = remembering(told)
    worded = await asks.ask(ALONE)
    assert (worded.failed, worded.answer.records) == (True, ())
    assert worded.explanation == Explanation(missing=line)
    assert await memories.recall(THREAD.conversation, MAYA.person_id) == {"model": 0}


async def test_a_sentence_about_a_failure_is_never_taken_for_words() -> None:
    line = sentence_of(FailureKind.AUTH, explains=False)
    told = ModelAnswer(text=line, missing=line, failure=FailureKind.AUTH, sure=False)
    worded = await explainer(Model(told))[0].ask(ALONE)
    assert worded.failed
    assert worded.explanation == Explanation(missing=line)


async def test_words_that_were_cut_say_so() -> None:
    line = sentence_of(FailureKind.CUT, explains=True)
    told = ModelAnswer(text="A row", missing=line, failure=FailureKind.CUT, sure=False)
    worded = await explainer(Model(told))[0].ask(QUESTION)
    assert worded.explanation == Explanation(words="A row", missing=not_whole(FailureKind.CUT))


@pytest.mark.parametrize("steps", [(), (RuntimeError("boom"),), (Answer(text="no model"),)])
async def test_a_model_that_breaks_is_one_line(steps: tuple[Step | Exception, ...]) -> None:
    worded = await explainer(Model(*steps))[0].ask(QUESTION)
    assert worded.failed
    assert worded.explanation.missing.startswith("No explanation right now: ")


async def test_what_a_turn_cost_is_added_up_also_when_it_failed() -> None:
    spent = Spent(input=100, cached=40, output=7)
    line = sentence_of(FailureKind.CUT, explains=True)
    failed = ModelAnswer(missing=line, failure=FailureKind.CUT, spent=spent)
    explaining, spending = explainer(Model(failed))
    await explaining.ask(QUESTION)
    await explaining.ask(QUESTION)
    today = await spending.today()
    assert (today.input, today.cached, today.output, today.turns) == (200, 80, 14, 2)


async def test_what_a_turn_cost_that_broke_is_added_up_from_its_steps() -> None:
    step = Spent(input=100, cached=40, output=7, steps=1)
    explaining, spending = explainer(Model(step, step, RuntimeError("boom")))
    heard: list[Step] = []
    assert (await explaining.ask(QUESTION, heard.append)).failed
    today = await spending.today()
    assert (today.input, today.cached, today.output, today.turns) == (200, 80, 14, 1)
    assert heard == []


async def test_a_turn_that_is_stopped_is_added_up_as_far_as_it_came() -> None:
    model = Hanging(Spent(input=100, output=7, steps=1))
    explaining, spending = explainer(model, seconds=iter((5.0, 7.5)))
    turn = asyncio.create_task(explaining.ask(QUESTION))
    await model.hangs.wait()
    turn.cancel()
    await asyncio.wait([turn])
    assert turn.cancelled()
    took = Used(input=100, output=7, turns=1, steps=1, seconds=2.5)
    assert await spending.of_conversation(QUESTION.address.conversation) == took
    assert (await spending.today()).tokens == 107


async def test_steps_are_not_added_up_twice_where_an_answer_tells_them_all() -> None:
    step = Spent(input=100, output=7, steps=1)
    explaining, spending = explainer(Model(step, step, ModelAnswer(text="A", spent=step + step)))
    await explaining.ask(QUESTION)
    assert (await spending.today()).tokens == 214


async def test_over_the_ceiling_of_the_day_nobody_is_asked() -> None:
    model = Model(ModelAnswer(text="Words.", spent=Spent(input=8, output=2)))
    explaining, _ = explainer(model, ceiling=10)
    assert not (await explaining.ask(QUESTION)).failed
    over = await explaining.ask(QUESTION)
    assert (over.failed, over.explanation) == (True, Explanation(missing=SPENT))
    assert model.asked == 1


async def test_steps_are_heard_and_approvals_kept() -> None:
    approval = Approval(approval_id="1", server="learn", tool="feedback")
    heard: list[Step] = []
    steps = (Progress(doing="thinking"), Words(text="A"), approval, ModelAnswer(text="A"))
    worded = await explainer(Model(*steps))[0].ask(QUESTION, heard.append)
    assert heard == [Progress(doing="thinking"), Words(text="A")]
    assert worded.approvals == (approval,)


GREEN = replace(typical.FAILURE, run=replace(typical.FAILURE.run, status=RunStatus.SUCCEEDED))


@pytest.mark.parametrize(
    ("prose", "record", "now", "pressed"),
    [
        (ProseMode.FAILURES, typical.FAILURE, True, True),
        (ProseMode.FAILURES, GREEN, False, True),
        (ProseMode.FAILURES, Notice(said="Hello."), False, False),
        (ProseMode.ALWAYS, GREEN, True, True),
        (ProseMode.ALWAYS, Help(bot_name="ADF Ops", examples=()), False, False),
        (ProseMode.OFF, typical.FAILURE, False, False),
    ],
)
def test_which_cards_are_explained_by_themselves_and_which_when_pressed(
    prose: ProseMode, record: object, now: bool, pressed: bool
) -> None:
    explaining, _ = explainer(Model(), prose=prose)
    assert explaining.explains((record,)) is now
    assert explaining.can_explain((record,)) is pressed
    assert not explaining.explains(())


def test_only_words_of_a_model_are_marked() -> None:
    reply = Reply(address=THREAD, text="x")
    assert marked(reply, Explanation(missing="No explanation.")) is reply
    assert marked(reply, Explanation(words="A row.", sources=(PAGE,))).generated
