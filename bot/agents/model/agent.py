"""An agent whose words come from a language model, whichever service runs it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol, cast

from adf.tool import Toolbox
from bot.agents.interface import Answer, Approval, Progress, Question, Step, ToolboxFor, Words
from bot.agents.model.arguments import Inventory
from bot.agents.model.conversation import ModelConversation, UnfinishedTurns
from bot.agents.model.errors import FailureKind, ModelFailure, sentence_of
from bot.agents.model.history import SavedConversation, load_conversation
from bot.agents.model.loop import ToolLoop
from bot.agents.model.options import ModelOptions
from bot.agents.model.output import OutputText
from bot.agents.model.prompt import is_request, may_be_said
from bot.agents.model.remote_tools import Decisions, RemoteCalls
from bot.agents.model.routing import Router
from bot.agents.model.tool_calls import ToolCalls
from bot.agents.model.types import (
    Item,
    ModelAnswer,
    ModelStep,
    Planner,
    RequestedApproval,
    RequestedCall,
    ToolChoice,
)
from bot.agents.model.verification import Verifier

Emit = Callable[[Step], None]


class Backend(Planner, Protocol):
    """A service that runs models: opened at the first use, or before it by `open`."""

    @property
    def name(self) -> str:
        """The name that its saved state carries."""
        ...

    async def open(self) -> None:
        """Import and connect; raises ModelFailure."""
        ...

    async def choose(self, items: Sequence[Item]) -> ModelStep:
        """One step that has to call a tool, apart from any conversation; raises ModelFailure."""
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
        options: ModelOptions | None = None,
    ) -> None:
        """Borrow the tools for each question and the list of pipelines that exist."""
        self._backend = backend
        self._toolbox_for = toolbox_for
        self._inventory = inventory
        self._options = options or ModelOptions()
        self._slots = asyncio.Semaphore(self._options.at_once)
        self._unfinished = UnfinishedTurns()

    async def open(self) -> None:
        """Do what the first question would wait for."""
        await self._backend.open()

    async def close(self) -> None:
        """Close the connection to the model."""
        await self._backend.close()

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield what is done, words as they come, what steps took, approvals, and one Answer last.

        A caller that stops iterating ends the turn.
        """
        steps: asyncio.Queue[Step | None] = asyncio.Queue()
        task = asyncio.create_task(self._answer(question, steps.put_nowait))
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

    async def route(self, question: Question) -> ModelAnswer:
        """What the tool finds that the model chooses for a question; without records, why none."""
        options = self._options
        verifier, nonce = _verifier_of(question), options.make_nonce()
        decisions = Decisions(question, options.use)
        calls = self._calls(question, self._toolbox_for(question), verifier, nonce, decisions)
        router = Router(question=question, calls=calls, options=options, nonce=nonce)
        return await router.route(self._backend.choose)

    def _calls(
        self,
        question: Question,
        tools: Toolbox,
        verifier: Verifier,
        nonce: str,
        decisions: Decisions,
    ) -> ToolCalls:
        options = self._options
        return ToolCalls(
            question=question,
            tools=tools,
            inventory=self._inventory,
            limits=options.limits,
            nonce=nonce,
            error_text=options.error_text,
            remote=RemoteCalls(options.servers, decisions),
            verifier=verifier,
        )

    async def _answer(self, question: Question, emit: Emit) -> None:
        emit(Progress(doing=THINKING))
        saved = self._restarted_if_long(load_conversation(question.memory, self._backend.name))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._options.limits.wait_seconds):
                    await held.enter_async_context(self._slots)
            except TimeoutError:
                failure = ModelFailure(FailureKind.BUSY, "too many turns at once")
                emit(_busy_answer(question, failure))
                return
            await self._run(question, self._unfinished.resume(saved), emit)

    async def _run(self, question: Question, saved: SavedConversation, emit: Emit) -> None:
        options, nonce = self._options, self._options.make_nonce()
        tools = self._toolbox_for(question)
        verifier = _verifier_of(question)
        output = OutputText(
            lambda words: emit(Words(text=words)), lambda words: verifier.check(words).words
        )
        decisions = Decisions(question, options.use)
        calls = self._calls(question, tools, verifier, nonce, decisions)
        turn = ToolLoop(
            planner=self._backend,
            calls=calls,
            limits=options.limits,
            output=output,
            on_calls=lambda asked: emit(Progress(doing=doing(asked, tools))),
            on_spent=emit,
            first=_first_choice(question),
            pause=options.pause,
        )
        conversation = ModelConversation(
            question=question,
            saved=saved,
            turn=turn,
            calls=calls,
            decisions=decisions,
            output=output,
            verifier=verifier,
            nonce=nonce,
            error_text=options.error_text,
        )
        try:
            answer = await conversation.take()
        except BaseException:
            self._unfinished.add(conversation.state)
            raise
        for one in (*map(_approval, turn.approvals), *calls.remote.approvals):
            emit(one)
        emit(answer)

    def _restarted_if_long(self, saved: SavedConversation) -> SavedConversation:
        """A long conversation is restarted: it costs more with each turn and understands less."""
        limits = self._options.limits
        if saved.turns >= limits.turns or saved.long > limits.long:
            return saved if saved.waiting else saved.restarted()
        return saved


def _verifier_of(question: Question) -> Verifier:
    """What checks the sentences of a turn; what the question and its room name may be said."""
    facts = "\n".join(
        (*question.candidates, *question.factories, question.speaker.name, *_runs_of(question))
    )
    return Verifier(question.text, facts, question.now, question.zone, may_be_said, is_request)


def _runs_of(question: Question) -> tuple[str, ...]:
    """The runs that were talked about, which a person may cite by the beginning of their ids."""
    known = (question.memory.get(key) for key in ("run_id", "cause_run_id"))
    return tuple(str(one) for one in known if one)


def _first_choice(question: Question) -> ToolChoice:
    """A question without any record begins with a lookup; what code found is only worded."""
    if question.found:
        return ToolChoice.NONE
    is_grounded = question.records or question.decision
    return ToolChoice.AUTO if is_grounded else ToolChoice.REQUIRED


def _busy_answer(question: Question, failure: ModelFailure) -> ModelAnswer:
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
    lines = dict.fromkeys(one.progress if one else LOOKING_UP for one in declared)
    return ", ".join(lines)
