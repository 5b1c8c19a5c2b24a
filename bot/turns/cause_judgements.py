"""The buttons below “Was the cause right?”: the answer is kept, and the card asks no more.

What was judged is read again at the press: the card carries ids, and nothing of it is believed.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from adf.errors import BadArguments
from adf.records import RunReport
from adf.tools.runs import checked_run_id
from bot.access.audit import AuditedAct, AuditLog
from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Right
from bot.messages import Address, CardActionHandler, CardClick, PressResult, Reply, Unreachable
from bot.outbox import MessageSender, NotDelivered
from bot.state.cause_verdicts import RIGHT, WRONG, CauseVerdict, CauseVerdicts
from cards.card import Card

log = logging.getLogger("adfops.turn")

JUDGED = "judged"
UNKNOWN = "I can't read that run anymore, so I can't keep your answer."
THANKS = {
    RIGHT: "Thanks. I noted that the cause was right.",
    WRONG: "Thanks. I noted that the cause was wrong.",
}

ReportOf = Callable[[str, str], Awaitable[RunReport | None]]
"""The report of a run, by factory and run id."""
IncidentCard = Callable[[str, str, Address], Awaitable[Card | None]]
"""The card of an incident of a factory, by its id, for a room."""


class CauseJudgements:
    """Keeps whether a cause was right, from everybody who may read the factory."""

    def __init__(
        self,
        *,
        policy: AccessPolicy,
        denials: Denials,
        audit: AuditLog,
        verdicts: CauseVerdicts,
        report_of: ReportOf,
        incident_card: IncidentCard,
        edit: CardActionHandler | None,
        sender: MessageSender,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `edit` draws a failure card anew, None where that costs its words."""
        self._policy = policy
        self._denials = denials
        self._audit = audit
        self._verdicts = verdicts
        self._report_of = report_of
        self._incident_card = incident_card
        self._edit = edit
        self._sender = sender
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {"judge": self.judge}

    async def judge(self, click: CardClick) -> PressResult:
        """Keep the answer; the card comes back without the question."""
        factory, run_id = _text(click, "factory"), _text(click, "run")
        verdict = _text(click, "verdict")
        refusal = await self._refusal(click, factory)
        if refusal:
            return PressResult(words=refusal)
        report = await self._report(factory, run_id) if verdict in THANKS else None
        if report is None or report.meaning is None:
            return PressResult(words=UNKNOWN)
        await self._keep(click, report, verdict)
        return await self._redraw(click, factory, verdict)

    async def _refusal(self, click: CardClick, factory: str) -> str:
        """Why this person may not judge; blank for one who may read the factory."""
        grant = await self._policy.grant(click.speaker, click.address)
        if factory and grant.may(Right.READ, factory):
            return ""
        denied = await self._denials.refuse(
            click.speaker, click.address, grant, asked="judge a cause", factory=factory or None
        )
        return in_one_line(denied)

    async def _report(self, factory: str, run_id: str) -> RunReport | None:
        try:
            return await self._report_of(factory, checked_run_id(run_id))
        except BadArguments:
            return None

    async def _keep(self, click: CardClick, report: RunReport, verdict: str) -> None:
        run, meaning = report.run, report.meaning
        if meaning is None:
            return
        await self._verdicts.keep(
            CauseVerdict(
                factory=run.factory,
                pipeline=run.pipeline,
                run_id=run.run_id,
                signature=meaning.signature,
                code=meaning.code or "",
                confidence=meaning.confidence,
                verdict=verdict,
                person=click.speaker.person_id,
                at=self._clock(),
            )
        )
        act = AuditedAct(
            factory=run.factory, action="judge_cause", pipeline=run.pipeline, run_id=run.run_id
        )
        await self._audit.acted(JUDGED, click.speaker, click.address, act, why=verdict)

    async def _redraw(self, click: CardClick, factory: str, verdict: str) -> PressResult:
        incident = _text(click, "incident")
        if incident:
            return await self._incident(click, incident, factory, verdict)
        if self._edit is None:
            return PressResult(words=THANKS[verdict])
        edited = await self._edit(click)
        return edited if edited.card else PressResult(words=THANKS[verdict])

    async def _incident(
        self, click: CardClick, incident: str, factory: str, verdict: str
    ) -> PressResult:
        """The incident's card as it is now, for who pressed and for everybody in the room."""
        card = await self._incident_card(incident, factory, click.address)
        if card is None:
            return PressResult(words=THANKS[verdict])
        try:
            reply = Reply(address=click.address, card=card)
            await self._sender.update(click.address, click.on_message or "", reply)
        except (NotDelivered, Unreachable) as error:
            log.info("an incident could not be shown without its question: %s", error)
        return PressResult(card=card)


def _text(click: CardClick, name: str) -> str:
    value = click.data.get(name)
    return value if isinstance(value, str) else ""
