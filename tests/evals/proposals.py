"""Presses on cards: the proposal of a row is asked for and shown before, then pressed for real."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from tests.doubles.connector import Sent
from tests.evals.conversation import Conversation, Result, message_id
from tests.evals.faults import UnknownState, zone_named
from tests.evals.rows import Row, Turn

SECOND_PERSON = "critical cancel needs a second person"
STATES = frozenset({"proposal_state", "proposal_age_min", "policy", "world"})
_EXECUTED = re.compile(r"executed by (?P<who>\S+) (?P<at>\d\d:\d\d) (?P<zone>\S+)")
_FROM_STUDIO = re.compile(
    r"(?P<pipeline>\S+) was rerun from Studio at (?P<at>\d\d:\d\d) (?P<zone>\S+)"
    r" and is in progress"
)
_HOW_TO_RERUN = ("isRecovery", "startFromFailure")
# The stored proposal was made a little before the press, where the row does not tell when.
USUAL_AGE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What happened to the proposal of a row before its press."""

    made: datetime
    age: timedelta = timedelta(0)
    executed: tuple[str, datetime] | None = None
    studio: tuple[str, datetime] | None = None

    def pressed_at(self, now: datetime) -> datetime:
        """When the press of the row is made: after all of it."""
        times = [one[1] + timedelta(minutes=1) for one in (self.executed, self.studio) if one]
        return max([now, self.made + self.age, *times])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The card of a proposal in the room: its id, and the id of its message."""

    proposal: str
    message: str


def before_of(
    setup: Mapping[str, Any], now: datetime, room: ZoneInfo, run_ended: datetime | None = None
) -> Before:
    """What a row's setup tells; UnknownState for what is not known.

    Nobody could propose to rerun what had not ended yet: a proposal that is older than that in a
    row was made after the run, and its press is so much later.
    """
    policy = setup.get("policy", SECOND_PERSON)
    if policy != SECOND_PERSON:
        raise UnknownState(f"policy: {policy}")
    executed = _read(_EXECUTED, setup.get("proposal_state"), now, room)
    studio = _read(_FROM_STUDIO, setup.get("world"), now, room)
    ago = timedelta(minutes=float(setup.get("proposal_age_min", 0)))
    first = min([at for _, at in (executed, studio) if at] or [now])
    made = now - ago if ago else min(now - USUAL_AGE, first - timedelta(minutes=1))
    if ago and run_ended:
        made = max(made, run_ended + timedelta(minutes=1))
    return Before(
        made=made,
        age=ago,
        executed=(executed[0], executed[1]) if executed[1] else None,
        studio=(studio[0], studio[1]) if studio[1] else None,
    )


def _read(
    pattern: re.Pattern[str], said: object, now: datetime, room: ZoneInfo
) -> tuple[str, datetime | None]:
    if said is None:
        return "", None
    match = pattern.fullmatch(str(said))
    if match is None:
        raise UnknownState(str(said))
    return match[1], moment_of(match["at"], match["zone"], now, room)


def moment_of(clock: str, named: str, now: datetime, room: ZoneInfo) -> datetime:
    """A time of today as a row has it; the zone is the room's short name, or a name of its own."""
    today = now.astimezone(room)
    zone = zone_named(named, today.tzname(), room)
    at = datetime.combine(today.date(), time.fromisoformat(clock), zone)
    is_of_today = at - now < timedelta(hours=1)
    return (at if is_of_today else at - timedelta(days=1)).astimezone(now.tzinfo)


def end_of_run(submit: Mapping[str, Any], world: Mapping[str, Any]) -> datetime | None:
    """When the run ended that a proposal reruns; None for another act or a run still going on."""
    runs: Mapping[str, Mapping[str, Any]] = world["runs"]
    ended = runs.get(str(submit.get("run_id")), {}).get("end")
    if submit.get("action") != "rerun" or not ended:
        return None
    return datetime.fromisoformat(str(ended))


def words_for(submit: Mapping[str, Any], world: Mapping[str, Any]) -> str:
    """What the asker of a stored proposal said; the run that the world has is the true one."""
    action, mode = submit.get("action"), submit.get("mode", "")
    run_id = submit.get("run_id") or _newest(world, str(submit.get("pipeline", "")))
    if action == "rerun":
        return f"rerun run {run_id}{' from failure' if 'fail' in mode else ''}"
    if action == "cancel":
        return f"cancel run {run_id}"
    if action in {"start_trigger", "stop_trigger"}:
        return f"{action.split('_')[0]} trigger {submit.get('trigger')}"
    raise UnknownState(f"a press on a card: {dict(submit)}")


def _newest(world: Mapping[str, Any], pipeline: str) -> str:
    found = [key for key, run in world["runs"].items() if run["pipeline"] == pipeline]
    if not found:
        raise UnknownState(f"no run of {pipeline}")
    return max(found, key=lambda key: str(world["runs"][key].get("start", "")))


async def shown_before(
    conversation: Conversation,
    row: Row,
    before: Before,
    world: Mapping[str, Any],
    set_clock: Callable[[datetime], None],
    arm: str,
) -> Shown:
    """Have the proposal made by its asker, and what happened to it since."""
    who = str(row.stored.get("by") or row.turn.who)
    asker = Turn(who=who, where=row.turn.where, text=words_for(row.stored, world))
    set_clock(before.made)
    _, sent = await conversation.ask(asker)
    shown = Shown(proposal=_proposal_in(sent), message=message_id(conversation.product, sent))
    if before.executed:
        who, at = before.executed
        set_clock(at)
        await conversation.act(
            Turn(who=who, where=row.turn.where, text=""),
            "approve",
            {"proposal": shown.proposal},
            shown.message,
        )
    if before.studio:
        pipeline, at = before.studio
        set_clock(at)
        await rerun_from_studio(arm, world, pipeline)
    return shown


async def rerun_from_studio(arm: str, world: Mapping[str, Any], pipeline: str) -> None:
    """Somebody reruns the newest run of a pipeline without the bot."""
    alias = next(iter(world["pipelines"][pipeline]))["factory"]
    group = world["factories"][alias]["rg"]
    url = (
        f"{arm}/subscriptions/00000000-0000-0000-0000-0000000000ad/resourceGroups/{group}"
        f"/providers/Microsoft.DataFactory/factories/{alias}/pipelines/{pipeline}/createRun"
    )
    query = {
        "api-version": "2018-06-01",
        "referencePipelineRunId": _newest(world, pipeline),
        "isRecovery": "true",
    }
    headers = {"Authorization": "Bearer studio"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, params=query, json={}, headers=headers) as response,
    ):
        assert response.status == 200, await response.text()


async def pressed(conversation: Conversation, row: Row, shown: Shown | None) -> Result:
    """Press what the row tells, and read what the person who pressed gets."""
    verb = row.submit["verb"]
    if verb == "details":
        question = f"details of run {row.submit['run_id']}"
        return await conversation.press_question(row.turn, question)
    if shown is None:
        raise UnknownState(f"a press on a card: {dict(row.submit)}")
    said = {key: value for key, value in row.submit.items() if key != "verb"}
    data = {**said, "proposal": shown.proposal}
    return await conversation.act(row.turn, verb, data, shown.message)


def can_be_pressed(row: Row) -> bool:
    """Whether this runner can make the press of a row."""
    verb = row.submit.get("verb")
    return verb == "details" or (verb in {"approve", "withdraw"} and "action" in row.submit)


def written(path: str, query: Mapping[str, str]) -> dict[str, Any]:
    """A write that reached the simulator, as rows tell of it."""
    parts = path.split("/")
    op, name = parts[-1], parts[-2]
    if op == "cancel":
        recursive = query.get("isRecursive", "false").lower() == "true"
        return {"op": op, "run_id": name, "isRecursive": recursive}
    if op == "createRun":
        of = query.get("referencePipelineRunId")
        said = {key: query[key].lower() == "true" for key in _HOW_TO_RERUN if key in query}
        return {
            "op": op,
            "pipeline": name,
            **({"referencePipelineRunId": of} if of else {}),
            **said,
        }
    return {"op": op, "trigger": name}


def _proposal_in(sent: Sent) -> str:
    found = re.search(r'"proposal": "([0-9a-f]+)"', json.dumps(sent.card or {}))
    if found is None:
        raise UnknownState(f"no proposal was made: {str(sent.activity)[:300]}")
    return found[1]
