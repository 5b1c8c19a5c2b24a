"""Text of the language model, added to a card that was already sent.

What is to be explained is stored with the question until it is done, so that a crash costs the
card nothing and the text at most a second try.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.agents.approvals import PendingApprovals
from bot.agents.conversations import without_model
from bot.agents.explainer import Explainer, ModelText, marked
from bot.agents.interface import Memory
from bot.messages import Message, Renderer, Reply, StoredIncoming, Unreachable
from bot.outbox import MessageSender, NotDelivered
from bot.state.background import BackgroundTasks
from bot.state.cause_verdicts import RefreshVerdicts, all_known
from bot.state.store import Moment, RowCodec, Rows, Store
from bot.turns.result import Explainable
from cards.records import Explanation

log = logging.getLogger("adfops.second")

PARTITION = "explaining"
LATE = timedelta(minutes=10)
MOST_ATTEMPTS = 2
NEEDS_A_YES = "No explanation: it needs a call that somebody has to allow. Ask me in words instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExplanation:
    """A card that is to be explained, with the question it answers and the memory of then."""

    message: StoredIncoming
    message_id: str
    memory: Mapping[str, Any] = field(default_factory=dict[str, Any])
    subject: str = ""
    aside: bool = False
    since: Moment
    attempts: int = 1
    replica: str = ""


AnswerAgain = Callable[[Message, Memory], Awaitable[Explainable | None]]
"""Answers a message anew after a crash, with the memory of then; None when nothing is left."""


class ExplanationQueue:
    """Explains cards in the background, one after the other for each conversation."""

    def __init__(
        self,
        *,
        store: Store,
        explainer: Explainer,
        answer_again: AnswerAgain,
        sender: MessageSender,
        render: Renderer,
        clock: Callable[[], datetime],
        approvals: PendingApprovals | None = None,
        replica: str = "",
        is_gone: Callable[[str], bool] = lambda _: False,
        refresh: RefreshVerdicts = all_known,
    ) -> None:
        """Borrow everything; without `approvals` a call that needs one is denied.

        `is_gone` tells of the replica of an explanation whether it has ended.
        """
        self._replica = replica
        self._is_gone = is_gone
        self._rows = Rows(store, PARTITION, RowCodec(StoredExplanation))
        self._explainer = explainer
        self._answer_again = answer_again
        self._sender = sender
        self._render = render
        self._clock = clock
        self._approvals = approvals
        self._refresh = refresh
        self._tasks = BackgroundTasks()

    async def begin(
        self, key: str, message: Message, explainable: Explainable, message_id: str
    ) -> None:
        """Have a card explained that was sent as `message_id`; returns at once."""
        stored = StoredExplanation(
            message=message,
            message_id=message_id,
            memory=without_model(explainable.before),
            subject=explainable.subject,
            aside=explainable.aside,
            since=self._clock(),
            replica=self._replica,
        )
        if await self._rows.insert(key, stored):
            self._tasks.start(self._explain(key, message, explainable, message_id), key)

    async def resume(self) -> None:
        """Resume what a crash left: once more, and not what is too long ago.

        What another replica is explaining is left to it.
        """
        for row in await self._rows.list_all():
            if row.key in self._tasks or self._is_another(row.item.replica):
                continue
            late = self._clock() - row.item.since > LATE
            if late or row.item.attempts >= MOST_ATTEMPTS:
                await self._rows.delete(row.key)
            elif again := await self._take_up(row.key, row.item):
                self._tasks.start(self._explain_again(row.key, again), row.key)

    async def _take_up(self, key: str, known: StoredExplanation) -> StoredExplanation | None:
        """Count one more attempt as ours; None where somebody else did meanwhile."""
        again = replace(known, attempts=known.attempts + 1, replica=self._replica)
        return await self._rows.update(key, lambda row: again if row == known else None)

    def _is_another(self, replica: str) -> bool:
        """Whether it is in the hands of another replica that is alive."""
        return replica not in {"", self._replica} and not self._is_gone(replica)

    async def settled(self) -> None:
        """Wait until nothing is being explained."""
        await self._tasks.settled()

    async def close(self) -> None:
        """Stop; what is not explained stays stored."""
        await self._tasks.close()

    async def _explain_again(self, key: str, stored: StoredExplanation) -> None:
        message = stored.message
        if isinstance(message, Message) and (again := await self._find_again(message, stored)):
            await self._explain(key, message, again, stored.message_id)
        else:
            await self._rows.delete(key)

    async def answer_anew(
        self, message: Message, memory: Memory, subject: str
    ) -> Explainable | None:
        """A card once more; None when the same question is about something else by now."""
        again = await self._answer_again(message, memory)
        return again if again is not None and again.subject == subject else None

    async def _find_again(self, message: Message, stored: StoredExplanation) -> Explainable | None:
        again = await self.answer_anew(message, stored.memory, stored.subject)
        if again is None or not stored.aside:
            return again
        return replace(again, aside=True, question=replace(again.question, memory={}))

    async def _explain(
        self, key: str, message: Message, explainable: Explainable, message_id: str
    ) -> None:
        question = explainable.question
        try:
            text = await self._text(explainable)
            await self._refresh((explainable.record,))
            card = self._render(
                explainable.record, question.now, question.zone, explainable.note, text.explanation
            )
            reply = marked(Reply(address=message.address, card=card), text.explanation)
            await self._sender.update(message.address, message_id, reply)
            if text.approvals and self._approvals is not None:
                record = await self._approvals.ask(message, text.approvals)
                card = self._render(record, question.now, question.zone, None)
                await self._sender.send(Reply(address=message.address, card=card))
        except (NotDelivered, Unreachable) as error:
            log.warning("an explanation could not be shown, claim %s: %s", key[:12], error)
        except Exception:
            log.exception("a card could not be explained, claim %s", key[:12])
        await self._rows.delete(key)

    async def _text(self, explainable: Explainable) -> ModelText:
        """The text; aside of a conversation no call can wait, as nothing would go on after it."""
        text = await self._explainer.ask(
            explainable.question, aside=explainable.aside, in_background=True
        )
        if not (explainable.aside and text.approvals):
            return text
        return replace(text, explanation=Explanation(missing=NEEDS_A_YES), approvals=())
