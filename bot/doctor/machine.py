"""Examines this machine: the settings that were refused, zone, store, port, and who is declared."""

import asyncio
import socket
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import aiohttp

from adf.records.glossary import counted
from adf.redaction import redact
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn, wrong
from bot.state.store import OwnedByOther, Store, StoreError, list_quarantine, open_store

PARTITION = "doctor"
_EXAMPLE = "set it as .env.example shows"
_OBJECT_ID = "az ad user show --id NAME@YOUR-DOMAIN --query id -o tsv gives an object id"


def examine_settings(it: DoctorInput) -> Sequence[Finding]:
    """Each setting that was refused, by its name."""
    if not it.problems:
        return [ok("settings", "all values are valid")]
    parts = (problem.partition(" ") for problem in it.problems)
    return [_refused(name.rstrip(":"), redact(said)) for name, _, said in parts]


def _refused(name: str, said: str) -> Finding:
    """What is wrong, and how to fix it where the setting itself says that."""
    what, _, fix = said.partition("; ")
    return wrong(name, what, fix if fix.startswith("copy") else _EXAMPLE)


def examine_zone(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """The time zone, by the time it is there."""
    if any(problem.startswith("ADFOPS_ZONE: ") for problem in it.problems):
        return []
    there = ways.now().astimezone(ZoneInfo(it.zone))
    return [ok("ADFOPS_ZONE", f"{it.zone}, where it is {there:%H:%M}")]


def examine_people(it: DoctorInput) -> Sequence[Finding]:
    """Whether anybody may do anything: nobody does by default."""
    if it.identity is not None and it.identity.local:
        return [ok("ADFOPS_OPERATORS", "not needed in local mode")]
    if any(problem.startswith("ADFOPS_OPERATORS: ") for problem in it.problems):
        return []
    if it.operators:
        return [ok("ADFOPS_OPERATORS", f"{len(it.operators)} set")]
    fix = f"set it to the object ids of the first operators: {_OBJECT_ID}"
    if it.declared:
        said = "none set: only the people and channels in the factories file can use the bot"
        return [warn("ADFOPS_OPERATORS", said, fix)]
    return [wrong("ADFOPS_OPERATORS", "no operators set: nobody can use the bot", fix)]


async def examine_store(it: DoctorInput) -> Sequence[Finding]:
    """Open the store, write a probe, read it, take it away."""
    what = "ADFOPS_STORE"
    try:
        store = await open_store(it.store, wait=0)
    except OwnedByOther as error:
        # A running bot is what doctor is mostly asked about; it alone may open its store.
        return [ok(what, f"in use by a running bot, {error.holder}, so not opened")]
    except StoreError as error:
        return [wrong(what, redact(str(error)).removeprefix(f"{what}: "), _store_fix(str(error)))]
    try:
        await _write_and_read(store)
        aside = await list_quarantine(store)
    except Exception as error:  # noqa: BLE001 - SQLite's own errors pass through the store
        return [wrong(what, f"cannot be written: {redact(str(error))}", _store_fix(str(error)))]
    finally:
        await store.close()
    if it.store == "memory:":
        fix = "ADFOPS_STORE=sqlite:////data/adfops.db, on a disk that stays"
        return [warn(what, "memory: forgets everything when the bot stops", fix)]
    said = "can be opened, written, and read"
    if aside:
        rows = f"{counted(len(aside), 'row')} {'is' if len(aside) == 1 else 'are'}"
        said = f"{said}; {rows} set aside as unreadable: {'; '.join(aside[:5])}"
        return [warn(what, said, "nothing to do: they are deleted after two weeks")]
    return [ok(what, said)]


async def _write_and_read(store: Store) -> None:
    key = uuid.uuid4().hex
    await store.insert(PARTITION, key, {"probe": key})
    try:
        entry = await store.get(PARTITION, key)
        if entry is None or entry.value != {"probe": key}:
            raise StoreError("what was written did not come back", f"{PARTITION}/{key}")
    finally:
        await store.delete(PARTITION, key)


def _store_fix(said: str) -> str:
    if "another program" in said:
        return "name a new file; the bot creates it"
    if "newer version" in said:
        return "run the newer version of the bot, or go back to a copy of the file"
    if "is none of" in said:
        return "ADFOPS_STORE=sqlite:////data/adfops.db (four slashes: an absolute path)"
    return "name a file in a folder that the bot's user (uid 10001 in the image) may write"


async def examine_port(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """Whether the port can be taken, or is held by a bot that runs already."""
    what = "ADFOPS_PORT"
    try:
        await asyncio.to_thread(_take, it.bind, it.port)
    except OSError as error:
        if await _is_bot(it.port, ways):
            return [ok(what, f"a bot listens on {it.port} already")]
        said = f"{it.bind}:{it.port} can't be used: {error.strerror or error}"
        fix = f"stop the process on it (ss -ltnp 'sport = :{it.port}'), or set another ADFOPS_PORT"
        return [wrong(what, said, fix, Fixer.OPERATOR)]
    return [ok(what, f"{it.bind}:{it.port} is free")]


def _take(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as taken:
        # As the server does: a port that was just left is free.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(1)


async def _is_bot(port: int, ways: Connections) -> bool:
    try:
        async with (
            asyncio.timeout(ways.limit),
            ways.session.get(f"http://127.0.0.1:{port}/healthz") as answer,
        ):
            return answer.status == 200 and await answer.text() == "ok"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return False
