"""What nobody asked for, put together: the watches, incidents, what was posted, the announcer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from adf.cache import Answers
from adf.diagnosis import meaning_of, signature_in
from adf.records import PipelineNotes, RunReport
from adf.runs import report_run
from adf.watch import Polled, Seen, Watch
from bot.agents.explainer import Explainer
from bot.alerts import Announcer, Desk, Ends, IncidentCards, IncidentWords, Reports
from bot.alerts.incident_actions import Presses
from bot.alerts.incidents import Incidents
from bot.hosting.container import Parts
from bot.outbox import Posted
from cards.records import Mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """The announcer, and what the buttons on its messages do."""

    announcer: Announcer
    presses: Presses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """A watch whose news make the kept answers about its factory old."""

    watch: Watch
    answers: Answers
    factory: str

    async def poll(self, since: datetime | None, seen: Seen) -> Polled:
        """Poll; after news, the next question is asked anew."""
        polled = await self.watch.poll(since, seen)
        if polled.signals:
            self.answers.outdate(self.factory)
        return polled


async def open_unasked(parts: Parts, explainer: Explainer | None) -> Unasked:
    """Put it together; nothing is asked before the announcer runs."""
    aliases = [one.alias for one in parts.setup.factories]
    incidents = Incidents(parts.store, parts.clock)
    reports = Reports(lambda alias, run_id: _report(parts, alias, run_id))
    due = asyncio.Event()
    words = _words(parts, incidents, reports, due, explainer)
    cards = _cards(parts, aliases, incidents, reports, words)
    ends = _ends(parts, aliases, reports)
    posted = Posted(
        store=parts.store,
        sender=parts.sender,
        sources={"incident": cards, "end": ends},
        gone=parts.subscriptions.gone,
        clock=parts.clock,
    )
    announcer = Announcer(
        watches=await _watches(parts, aliases),
        desk=Desk(
            incidents=incidents,
            listeners=parts.subscriptions,
            reports=reports,
            notes=lambda alias, pipeline: _notes(parts, alias, pipeline),
            clock=parts.clock,
            ends=ends,
            words=words,
        ),
        posted=posted,
        every=parts.setup.poll_seconds,
        due=due,
    )
    presses = Presses(
        people=parts.people,
        refusals=parts.refusals,
        find=incidents.find,
        caretaker=announcer,
        draw=cards.card,
    )
    return Unasked(announcer=announcer, presses=presses)


def _cards(
    parts: Parts,
    aliases: list[str],
    incidents: Incidents,
    reports: Reports,
    words: IncidentWords | None,
) -> IncidentCards:
    return IncidentCards(
        incidents=incidents,
        factories=aliases,
        reports=reports,
        notes=lambda alias, pipeline: _notes(parts, alias, pipeline),
        draw=parts.draw,
        zone_of=parts.zone_of,
        call=lambda owner: _called(parts, owner),
        may_hear=parts.subscriptions.may_be_told,
        clock=parts.clock,
        words=words,
    )


def _ends(parts: Parts, aliases: list[str], reports: Reports) -> Ends:
    return Ends(
        store=parts.store,
        factories=aliases,
        waiting=parts.subscriptions,
        reports=reports,
        notes=lambda alias, pipeline: _notes(parts, alias, pipeline),
        draw=parts.draw,
        zone_of=parts.zone_of,
        clock=parts.clock,
    )


def _words(
    parts: Parts,
    incidents: Incidents,
    reports: Reports,
    due: asyncio.Event,
    explainer: Explainer | None,
) -> IncidentWords | None:
    if explainer is None:
        return None
    return IncidentWords(
        explainer=explainer,
        incidents=incidents,
        reports=reports,
        zone_of=parts.zone_of,
        due=due,
        clock=parts.clock,
    )


async def _watches(parts: Parts, aliases: list[str]) -> Mapping[str, _Telling]:
    clients = [await parts.factories.client(alias) for alias in aliases]
    return {
        one.factory.alias: _Telling(
            watch=Watch(one, parts.clock), answers=parts.answers, factory=one.factory.alias
        )
        for one in clients
    }


async def _report(parts: Parts, alias: str, run_id: str) -> RunReport:
    client = await parts.factories.client(alias)
    run = await client.get_run(run_id)
    report = await report_run(client, run, parts.clock())
    meaning = meaning_of(report.cause)
    if report.cause and meaning is None:
        error = report.cause.error
        await parts.error_gaps.count(signature_in(error.message, error.code))
    return replace(report, meaning=meaning)


def _notes(parts: Parts, alias: str, pipeline: str) -> PipelineNotes:
    factory = next(one for one in parts.setup.factories if one.alias == alias)
    return factory.notes_for(pipeline)


def _called(parts: Parts, owner: str) -> Mentioned | None:
    """The owner as somebody to mention, where the settings know them by their object id."""
    people = parts.setup.everybody.people
    found = next((key for key, one in people.items() if one.name.lower() == owner.lower()), None)
    return Mentioned(name=people[found].name, person_id=found) if found else None
