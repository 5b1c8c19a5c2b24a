"""A question to a model, in the conversation as it is or in a new one; and its answer."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from cachetools import FIFOCache

from adf.errors import Forbidden, Throttled, Unavailable
from bot.agents.interface import Memory, Question
from bot.agents.model.errors import FailureKind, ModelFailure, sentence_of
from bot.agents.model.history import SavedConversation
from bot.agents.model.loop import ToolLoop
from bot.agents.model.output import OutputText, pages_of, readable_words, records_to_show
from bot.agents.model.prompt import Introduction, earlier_questions, recites
from bot.agents.model.remote_tools import Decisions, RemoteDecision
from bot.agents.model.tool_calls import ToolCalls
from bot.agents.model.tool_schemas import CANARY
from bot.agents.model.types import Item, ModelAnswer
from bot.agents.model.verification import Verified, Verifier
from bot.agents.problems import problem_for
from cards.records import PageSource

log = logging.getLogger("adfops.agent")
audit = logging.getLogger("adfops.audit")

_STUCK = frozenset({FailureKind.BAD_REQUEST, FailureKind.SERVER})
_LOST = frozenset({FailureKind.CORRUPT, FailureKind.LOST})
_WORDLESS = frozenset({FailureKind.CONTENT_FILTER, FailureKind.REFUSED, FailureKind.HOSTILE})
# The model is asked for 90.
MOST_WORDS = 130
MOST_SOURCES = 5
_SERVICE = (Forbidden, Throttled, Unavailable)


class ModelConversation:
    """One question from its first item to its answer; `saved` is the state before it."""

    def __init__(
        self,
        *,
        question: Question,
        saved: SavedConversation,
        turn: ToolLoop,
        calls: ToolCalls,
        decisions: Decisions,
        output: OutputText,
        verifier: Verifier,
        nonce: str,
        error_text: bool,
    ) -> None:
        """Borrow the turn and its calls."""
        self._verifier = verifier
        self._question = question
        self._saved = saved
        self._turn = turn
        self._calls = calls
        self._decisions = decisions
        self._output = output
        self._nonce = nonce
        self._error_text = error_text
        self._is_filtered = False

    @property
    def state(self) -> SavedConversation:
        """The conversation as it is now, whether the turn came to its end or not."""
        turn = self._turn
        return replace(self._saved, place=turn.place, pending=turn.pending, waiting=turn.waiting)

    async def take(self) -> ModelAnswer:
        """The answer; what went wrong with the model is a sentence in it."""
        try:
            lack = await self._through()
        except ModelFailure as failure:
            lack = failure.kind
            self._is_filtered = lack is FailureKind.CONTENT_FILTER
            log.warning("no words in %s: %s", self._question.address.conversation, failure)
        return self._answer(lack)

    async def _through(self) -> FailureKind | None:
        try:
            return await self._turn.run(self._saved, await self._items(self._saved))
        except ModelFailure as failure:
            if not self._restart_helps(failure):
                raise
            log.info("%s is restarted: %s", self._question.address.conversation, failure)
            if failure.is_taken:
                await self._turn.rest(failure)
        self._saved = self._saved.restarted()
        return await self._turn.run(self._saved, await self._items(self._saved))

    def _restart_helps(self, failure: ModelFailure) -> bool:
        """Whether a new conversation helps: this one is lost, or may hold the question by now.

        What was not found may be the conversation only where there was one before. Where an
        approval was sent, it is not known whether its call was made, so it must not be sent again.
        """
        if self._output.has_emitted:
            return False
        is_doubtful = failure.is_taken and failure.kind is FailureKind.SERVER
        is_doubtful = is_doubtful and not self._decisions.are_there
        is_gone = failure.is_unclear and self._saved.is_begun
        return failure.kind in _LOST or is_doubtful or is_gone or self._is_stuck(failure)

    def _is_stuck(self, failure: ModelFailure) -> bool:
        """Whether what was said before may be what the service chokes on: it would do so for ever.

        A service that went away in the midst of an answer is none of these.
        """
        is_begun = self._saved.is_begun or self._turn.steps > 0
        is_refused = failure.kind in _STUCK and not failure.begun and not failure.is_taken
        return is_refused and is_begun and not self._decisions.are_there

    async def _items(self, saved: SavedConversation) -> Sequence[Item]:
        """What was left open, then the question; in a new conversation earlier questions first."""
        question = self._question
        decisions = [await self._decided(one) for one in saved.waiting]
        # Calls of ours wait at nobody's: the model has to be asked again to make them.
        if saved.waiting and self._decisions.are_there and saved.waiting_for(question.decided):
            return [*saved.pending, *decisions]
        before = () if saved.is_begun else earlier_questions(saved, self._nonce)
        introduction = Introduction(
            question, self._verifier, self._nonce, error_text=self._error_text
        )
        opening = introduction.item(await self._calls.listed())
        return [*saved.pending, *decisions, *before, opening]

    async def _decided(self, approval_id: str) -> Item:
        """The answer to what waits at the service; who wrote on instead of deciding has said no."""
        there = self._decisions.are_there
        verdict = await self._decisions.on(approval_id) if there else RemoteDecision.NO
        answer = {"type": "mcp_approval_response", "approval_request_id": approval_id}
        if verdict is RemoteDecision.YES:
            return {**answer, "approve": True}
        return {**answer, "approve": False, "reason": str(verdict)}

    def _answer(self, lack: FailureKind | None) -> ModelAnswer:
        is_recital = recites(self._turn.words)
        if lack is FailureKind.HOSTILE or is_recital:
            lack = FailureKind.HOSTILE
            self._report_stopped(
                "recited its instructions" if is_recital else f"called {CANARY}, which nobody needs"
            )
        explains = bool(self._question.records)
        checked = self._checked(lack)
        words = readable_words(checked.words).strip()
        words = (_short(words) if explains else words) or self._asking()
        if not words and checked.dropped and lack is None:
            lack = FailureKind.UNVERIFIED
        missing = sentence_of(lack, explains=explains) if lack else ""
        records = () if explains else self._records()
        return ModelAnswer(
            records=records,
            text=words or (None if records or explains else missing) or None,
            note=missing if records and not words else None,
            memory=self._memory(lack),
            sure=lack is None,
            sources=self._sources() if words else (),
            missing=missing,
            failure=lack,
            spent=self._turn.spent,
            trace=(*self._turn.trace, *self._calls.trace),
            said=checked.said,
            dropped=checked.dropped,
            looked_up=bool(self._turn.pages)
            or any(one.is_found and one.is_led_to for one in self._calls.made),
        )

    def _checked(self, lack: FailureKind | None) -> Verified:
        """What the records bear out of the last words; no page that was read has a number."""
        if lack in _WORDLESS:
            return Verified(words="")
        for page in self._turn.pages:
            self._verifier.add_page(page)
        return self._verifier.check(self._turn.words)

    def _asking(self) -> str:
        """What is said when a call to a remote server waits for a yes."""
        asked = [f"{one.server} ({one.name})" for one in self._turn.approvals]
        return f"May I ask {' and '.join(asked)}? Somebody has to allow it." if asked else ""

    def _records(self) -> tuple[object, ...]:
        """What was looked up for the question; when nothing could be, the error met instead."""
        made = self._calls.made
        found = records_to_show(
            one.record for one in made if one.record is not None and one.is_led_to
        )
        errors = [one.error for one in made if isinstance(one.error, _SERVICE)]
        if found or not errors:
            return found
        asked = self._question
        return (problem_for(errors[0], asked.text, asked.now, asked.zone),)

    def _sources(self) -> tuple[PageSource, ...]:
        """The pages that the words cite, then those that a search of ours found for them."""
        found = pages_of(one.record for one in self._calls.made)
        return tuple(dict.fromkeys((*self._turn.sources, *found)))[:MOST_SOURCES]

    def _memory(self, lack: FailureKind | None) -> Memory:
        """The conversation as it is; of a hostile one nothing, for the data is in it.

        One that a filter refuses is restarted without its last question, or without any where
        nothing but our own log had gone before.
        """
        if lack is FailureKind.HOSTILE:
            return SavedConversation(backend=self._saved.backend).write_to(self._question.memory)
        if lack in _STUCK | _LOST and self._question.text:
            return (
                self._saved.restarted()
                .logged(self._question.text, ())
                .write_to(self._question.memory)
            )
        if self._is_filtered:
            restarted = self._saved.restarted()
            restarted = restarted if self._saved.is_begun else replace(restarted, log=())
            return restarted.write_to(self._question.memory)
        looked_up = [one.in_words for one in self._calls.made if one.record is not None]
        left = replace(self.state, turns=self._saved.turns + 1, long=self._turn.long)
        if self._question.text and not self._decisions.are_there:
            left = left.logged(self._question.text, looked_up)
        return left.write_to(self._question.memory)

    def _report_stopped(self, seen: str) -> None:
        """Write down what was seen: a weak model does such things where nobody steers it."""
        audit.warning(
            "the model was stopped in %s: it %s, in a turn of %s, after %s; nothing was said",
            self._question.address.conversation,
            seen,
            self._question.speaker.person_id,
            ", ".join(one.in_words for one in self._calls.made) or "nothing",
        )


def _short(words: str) -> str:
    """An explanation stands beside a card, so it ends where it grows long."""
    listed = words.split(" ")
    return words if len(listed) <= MOST_WORDS else f"{' '.join(listed[:MOST_WORDS])}…"


MOST = 1000


class UnfinishedTurns:
    """Conversations whose turn was cut off, by their id at the service; the oldest go first."""

    def __init__(self, most: int = MOST) -> None:
        """Begin with none."""
        self._unfinished: FIFOCache[str, SavedConversation] = FIFOCache(most)

    def add(self, saved: SavedConversation) -> None:
        """Note what has to be answered before this conversation goes on."""
        if saved.place.conversation:
            self._unfinished[saved.place.conversation] = saved

    def resume(self, saved: SavedConversation) -> SavedConversation:
        """The conversation with what was left open in it."""
        left = self._unfinished.pop(saved.place.conversation, None)
        return replace(saved, pending=left.pending, waiting=left.waiting) if left else saved
