"""One call of a tool over MCP: who may make it, what it found, what of that is shown, the log line.

It goes the way of a turn: the person's own grant, tools limited to the factories of that grant, the
same cached answers, and the same rule for what a role is shown.
"""

import json
import logging
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from cachetools import LRUCache

from adf.cache import AnswerCache
from adf.client import Factories, NotGranted
from adf.errors import AdfError
from adf.tool import Tool, Toolbox
from adf.tools import ADF_TOOLS, Adf
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Grant, Right
from bot.access.visibility import shown_to
from bot.agents.model.facts import record_as_json
from bot.mcp_server.results import McpResult, denied, internal, too_often, trouble
from bot.messages import Address, Person, Scope

log = logging.getLogger("adfops.mcp")

Clock = Callable[[], datetime]


def readable(tools: Sequence[Tool]) -> tuple[Tool, ...]:
    """The tools that only read Data Factory, by name: no other is ever listed or called here."""
    found = (one for one in tools if one.reads and one.works_on is Adf)
    return tuple(sorted(found, key=lambda one: one.name))


MOST_PEOPLE = 10_000


class CallRateLimit:
    """At most so many calls of each person within a sliding window."""

    def __init__(self, seconds: Callable[[], float], most: int = 60, within: float = 60.0) -> None:
        """Begin with no calls; `seconds` is a monotonic clock."""
        self._seconds = seconds
        self._most = most
        self._within = within
        self._calls: LRUCache[str, deque[float]] = LRUCache(MOST_PEOPLE)

    def wait(self, person_id: str) -> float:
        """Count a call, for 0; else the seconds until that person may call again."""
        now, calls = self._seconds(), self._calls.setdefault(person_id, deque())
        while calls and calls[0] <= now - self._within:
            calls.popleft()
        if len(calls) >= self._most:
            return calls[0] + self._within - now
        calls.append(now)
        return 0.0


class McpHandler:
    """Answers calls of people who are known already; every call leaves one line in the log."""

    def __init__(
        self,
        *,
        people: AccessPolicy,
        refusals: Denials,
        factories: Factories,
        answers: AnswerCache,
        rate: CallRateLimit,
        clock: Clock,
        seconds: Callable[[], float],
        zone: ZoneInfo,
    ) -> None:
        """Borrow everything."""
        self._people = people
        self._refusals = refusals
        self._factories = factories
        self._answers = answers
        self._rate = rate
        self._clock = clock
        self._seconds = seconds
        self._zone = zone

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What can be called."""
        return readable(ADF_TOOLS)

    async def admits(self, person: Person) -> bool:
        """Whether the person has a role in any factory."""
        grant = await self._people.grant(person, _address_of(person))
        if grant.lack:
            log.info("mcp refused %s: %s", person.person_id, grant.lack)
        return grant.lack is None

    async def call(self, person: Person, name: str, arguments: Mapping[str, object]) -> McpResult:
        """What a tool found, or what stands in the way, as text; it never raises."""
        begun = self._seconds()
        result = await self._answer(person, name, arguments)
        known = name if name in {one.name for one in self.tools} else "of no name"
        spent = (self._seconds() - begun) * 1000
        log.info("mcp tool %s for %s: %s, %.0f ms", known, person.person_id, result.ended, spent)
        return result

    async def _answer(
        self, person: Person, name: str, arguments: Mapping[str, object]
    ) -> McpResult:
        wait = self._rate.wait(person.person_id)
        if wait:
            return too_often(wait)
        try:
            grant = await self._people.grant(person, _address_of(person))
            if grant.lack:
                return await self._refuse(person, grant, name)
            return await self._found(person, grant, name, arguments)
        except Exception:
            error_id = uuid.uuid4().hex[:8]
            log.exception("mcp call failed, error id %s", error_id)
            return internal(error_id)

    async def _found(
        self, person: Person, grant: Grant, name: str, arguments: Mapping[str, object]
    ) -> McpResult:
        try:
            record = await self._toolbox(grant).call(name, **arguments)
        except NotGranted as error:
            return await self._refuse(person, grant, name, error.factory)
        except AdfError as error:
            return trouble(error, grant, self._clock(), self._zone)
        return await self._shown(person, grant, name, record)

    async def _shown(self, person: Person, grant: Grant, name: str, record: object) -> McpResult:
        """The record as far as the person may see it."""
        asks = partial(self._people.who_can, Right.READ, grant.meant or None)
        shown = shown_to(grant, (record,), self._clock(), self._zone, asks)
        if shown.refused is not None:
            return await self._refuse(person, grant, name, shown.refused or None)
        if shown.words:
            return McpResult(text=json.dumps({"record": "words", "said": shown.words}))
        return McpResult(text=record_as_json(record, self._zone))

    async def _refuse(
        self, person: Person, grant: Grant, name: str, factory: str | None = None
    ) -> McpResult:
        """No, written down like every no."""
        refused = await self._refusals.refuse(
            person, _address_of(person), grant, asked=name, factory=factory
        )
        return denied(refused)

    def _toolbox(self, grant: Grant) -> Toolbox:
        granted = self._factories.only(grant.aliases, grant.meant)
        works_on = [Adf(factories=granted, clock=self._clock)]
        return Toolbox(self.tools, works_on, answers=self._answers)


def _address_of(person: Person) -> Address:
    """Where a call comes from: no room, so only the person's own role counts."""
    return Address(
        scope=Scope.PERSONAL,
        tenant=person.tenant,
        service_url="",
        conversation=f"mcp:{person.person_id}",
        bot_id="",
        bot_name="",
    )
