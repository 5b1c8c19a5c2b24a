"""Examines who acts: the writer's sign-in, each of its permissions, and that the reader has none.

Every act is tried on what nobody has: Azure checks the permission first and then finds nothing to
act on, so that nothing can happen whoever may.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from adf.client.action_clients import action_wires, open_reader, open_writer, writer_sign_in
from adf.client.action_transport import ActionWire, OpenActionWire
from adf.client.identity import AzureIdentity, SignIn
from adf.client.write_operations import WRITE_OPERATIONS, WriteOperation
from adf.errors import AdfError, Forbidden, NotFound, Rejected
from adf.records import Factory
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn, wrong
from bot.doctor.remedies import fix_for_sign_in, grant_command

ACTS = "acts"
# As a name and as an id there is nothing of it.
_NOBODY = "00000000-0000-0000-0000-000000000000"
_READ_ONLY = "off: the bot only reads (ADFOPS_WRITER_CLIENT_ID is not set, or ADFOPS_READ_ONLY is)"
_AS_PEOPLE = (
    "people act for themselves: each signs in by {} and needs the role in Azure; whether they have "
    "it, Azure says at the press"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorConnections:
    """How the writer is reached, and the reader where it would act."""

    sign_in: SignIn
    writer: OpenActionWire
    reader: OpenActionWire


def actor_connections(it: DoctorInput) -> ActorConnections | None:
    """The ways of the settings; None where the bot only reads."""
    if it.writer is None:
        return None
    return ActorConnections(
        sign_in=writer_sign_in(it.arm_url, it.writer),
        writer=action_wires(it.arm_url, open_writer(it.arm_url, it.writer)),
        reader=action_wires(it.arm_url, open_reader(it.arm_url)),
    )


async def examine_acts(
    it: DoctorInput, ways: Connections, actors: ActorConnections | None
) -> Sequence[Finding]:
    """The writer's sign-in first; then what it may do on each factory, and the reader may not."""
    if actors is None:
        people = it.acts_as_people
        return [ok(ACTS, _AS_PEOPLE.format(people) if people else _READ_ONLY)]
    try:
        async with asyncio.timeout(ways.limit):
            who = await actors.sign_in()
    except (AdfError, TimeoutError) as error:
        code = error.code if isinstance(error, AdfError) else None
        said = error.said if isinstance(error, AdfError) else "no answer in time"
        return [wrong(f"{ACTS}: sign-in of the writer", said, fix_for_sign_in(code))]
    factories = [one for one in it.factories if one.subscription and one.name]
    found = await asyncio.gather(*(_examine(one, who, ways, actors) for one in factories))
    return [
        ok(f"{ACTS}: sign-in of the writer", who.name),
        *(one for some in found for one in some),
    ]


async def _examine(
    factory: Factory, who: AzureIdentity, ways: Connections, actors: ActorConnections
) -> Sequence[Finding]:
    lacking, silent = await _refused(factory, ways, actors.writer)
    held, _ = await _refused(factory, ways, actors.reader)
    what = f"{ACTS}: factory {factory.alias}"
    found = [_lacks(what, one, factory, who) for one in lacking]
    found += [warn(what, said, "run doctor again in a minute", Fixer.MICROSOFT) for said in silent]
    may = [one for one in WRITE_OPERATIONS if one not in held]
    if may and not silent:
        found.append(_reader_may(what, may))
    done = f"the writer can do all {len(WRITE_OPERATIONS)} actions, and the reader none"
    return found or [ok(what, done)]


async def _refused(
    factory: Factory, ways: Connections, open_wire: OpenActionWire
) -> tuple[list[WriteOperation], list[str]]:
    """The acts that an identity may not do, and what else came in place of an answer."""
    wire = await asyncio.to_thread(open_wire, factory.subscription)
    try:
        answers = await asyncio.gather(
            *(_try(wire, one, factory, ways.limit) for one in WRITE_OPERATIONS)
        )
    finally:
        await wire.close()
    pairs = [*zip(WRITE_OPERATIONS, answers, strict=True)]
    refused = [one for one, error in pairs if isinstance(error, Forbidden)]
    return refused, [error.said for _, error in pairs if _is_silent(error)]


async def _try(
    wire: ActionWire, operation: WriteOperation, factory: Factory, limit: float
) -> AdfError:
    """What is answered to an act on nothing."""
    try:
        async with asyncio.timeout(limit):
            await wire.post(operation, factory, _NOBODY, request_id=_NOBODY, query={}, body=None)
    except TimeoutError:
        return AdfError(f"no answer within {limit:g} s", asked=operation.purpose)
    except AdfError as error:
        return error
    return NotFound("taken", asked=operation.purpose)


def _is_silent(error: AdfError) -> bool:
    return not isinstance(error, Forbidden | NotFound | Rejected)


def _lacks(what: str, one: WriteOperation, factory: Factory, who: AzureIdentity) -> Finding:
    grant = grant_command(factory, who.object_id, is_person=who.is_person, role="operator")
    said = f"{who.name} lacks {one.permissions[0]}"
    return wrong(f"{what}: {one.purpose}", said, grant, Fixer.AZURE)


def _reader_may(what: str, operations: Sequence[WriteOperation]) -> Finding:
    acts = ", ".join(one.purpose for one in operations)
    return warn(
        what,
        f"the identity that reads may also {acts}",
        "give each identity its own role: deploy/README.md, step 5",
        Fixer.AZURE,
    )
