"""An agent whose words come from a language model, whichever service runs it."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol, cast
from weakref import WeakValueDictionary

from adf.tool import Toolbox
from bot.agents.interface import Answer, Approval, Progress, Question, Step, ToolboxFor, Words
from bot.agents.model.conversation import ModelConversation, UnfinishedTurns
from bot.agents.model.errors import FailureKind, ModelFailure, sentence_of
from bot.agents.model.history import SavedConversation, read_kept
from bot.agents.model.loop import ToolLoop
from bot.agents.model.options import ModelOptions
from bot.agents.model.output import OutputText
from bot.agents.model.remote_tools import Decisions, RemoteCalls
from bot.agents.model.tool_calls import Inventory, ToolCalls
from bot.agents.model.types import ModelAnswer, Planner, RequestedApproval, RequestedCall

Tell = Callable[[Step], None]


class Backend(Planner, Protocol):
    """A service that runs models: opened at the first use, or before it by `open`."""

    @property
    def name(self) -> str:
        """What its memories are kept under."""
        ...

    async def open(self) -> None:
        """Import and connect; raises ModelFailure."""
        ...

    async def close(self) -> None:
        """Close what was opened."""
        ...


class ModelAgent:
    """Answers with a model's words and the records it looked up with tools that only read."""

    def __init__(
        self,
        backend: Backend,
        toolbox_for: ToolboxFor,
        inventory: Inventory,
        conduct: ModelOptions | None = None,
    ) -> None:
        """Borrow the tools for each question and the list of pipelines that exist."""
        self._backend = backend
        self._toolbox_for = toolbox_for
        self._inventory = inventory
        self._conduct = conduct or ModelOptions()
        self._lanes = ConversationLocks(self._conduct.at_once)
        self._unfinished = UnfinishedTurns()

    async def open(self) -> None:
        """Do what the first question would wait for."""
        await self._backend.open()

    async def close(self) -> None:
        """Close the connection to the model."""
        await self._backend.close()

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield what is done, words as they come, what steps took, approvals, and one Answer last.

        Whoever stops listening ends the turn.
        """
        steps: asyncio.Queue[Step | None] = asyncio.Queue()
        task = asyncio.create_task(self._whole(question, steps.put_nowait))
        task.add_done_callback(lambda _: steps.put_nowait(None))
        try:
            while (step := await steps.get()) is not None:
                yield step
                if isinstance(step, Answer):
                    return
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _whole(self, question: Question, tell: Tell) -> None:
        tell(Progress(doing=THINKING))
        kept = self._fresh_enough(read_kept(question.memory, self._backend.name))
        thread, speaker = question.address.conversation, question.speaker.person_id
        try:
            async with self._lanes.alone(thread, speaker, self._conduct.limits.wait_seconds):
                await self._taken(question, self._unfinished.taken(kept), tell)
        except TimeoutError:
            failure = ModelFailure(FailureKind.BUSY, "the turn before is not over")
            tell(_unasked(question, failure))

    async def _taken(self, question: Question, kept: SavedConversation, tell: Tell) -> None:
        conduct, nonce = self._conduct, self._conduct.make_nonce()
        tools = self._toolbox_for(question)
        speaking = OutputText(lambda words: tell(Words(text=words)))
        decisions = Decisions(question, conduct.use)
        calls = ToolCalls(
            question=question,
            tools=tools,
            inventory=self._inventory,
            limits=conduct.limits,
            nonce=nonce,
            error_text=conduct.error_text,
            remote=RemoteCalls(conduct.servers, decisions),
        )
        turn = ToolLoop(
            planner=self._backend,
            calls=calls,
            limits=conduct.limits,
            speaking=speaking,
            on_calls=lambda asked: tell(Progress(doing=doing(asked, tools))),
            on_spent=tell,
            pause=conduct.pause,
        )
        talk = ModelConversation(
            question=question,
            kept=kept,
            turn=turn,
            calls=calls,
            decisions=decisions,
            speaking=speaking,
            nonce=nonce,
            error_text=conduct.error_text,
        )
        try:
            answer = await talk.take()
        except BaseException:
            self._unfinished.leave(talk.left)
            raise
        for one in (*map(_approval, turn.approvals), *calls.remote.approvals):
            tell(one)
        tell(answer)

    def _fresh_enough(self, kept: SavedConversation) -> SavedConversation:
        """A long talk is begun anew: it costs more with each turn and understands less."""
        limits = self._conduct.limits
        if kept.turns >= limits.turns or kept.long > limits.long:
            return kept if kept.waiting else kept.elsewhere()
        return kept


def _unasked(question: Question, failure: ModelFailure) -> ModelAnswer:
    explains = bool(question.records)
    missing = sentence_of(failure.kind, explains=explains)
    return ModelAnswer(
        text=None if explains else missing,
        memory=question.memory,
        sure=False,
        missing=missing,
        failure=failure.kind,
    )


def _approval(asked: RequestedApproval) -> Approval:
    """What a person is asked to allow; arguments that are no JSON are shown as they are."""
    try:
        read: object = json.loads(asked.arguments or "{}")
    except ValueError:
        read = None
    given = cast("Mapping[str, Any]", read) if isinstance(read, dict) else None
    return Approval(
        approval_id=asked.approval_id,
        server=asked.server,
        tool=asked.name,
        arguments=given if given is not None else {"arguments": asked.arguments},
    )


THINKING = "Asking the language model"
LOOKING_UP = "Looking something up"


def doing(asked: Sequence[RequestedCall], tools: Toolbox) -> str:
    """One line for the calls that begin now; tools of other servers declare no progress of ours."""
    declared = (tools.find(one.name) for one in asked)
    told = dict.fromkeys(one.progress if one else LOOKING_UP for one in declared)
    return ", ".join(told)


class ConversationLocks:
    """A lock for each talk, for as long as somebody holds it or waits; few at once."""

    def __init__(self, at_once: int) -> None:
        """Begin with no talk."""
        self._places = asyncio.Semaphore(at_once)
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, thread: str, speaker: str, patience: float) -> AsyncGenerator[None]:
        """Be the only one in it; TimeoutError when that takes too long. No speaker, no waiting."""
        lock = (self._locks.get((thread, speaker)) if speaker else None) or asyncio.Lock()
        if speaker:
            self._locks[thread, speaker] = lock
        async with AsyncExitStack() as held:
            async with asyncio.timeout(patience):
                await held.enter_async_context(lock)
                await held.enter_async_context(self._places)
            yield
