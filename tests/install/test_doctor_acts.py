"""Doctor proves who may act without doing anything: the writer may, and the reader may not."""

import json
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from azure.core.credentials import AccessToken
from azure.identity.aio import ClientSecretCredential, ManagedIdentityCredential

from adf.client import sdk_wires
from adf.client.action_clients import open_writer
from adf.client.action_credentials import PersonCredential, writer_credential
from adf.client.identity import AzureIdentity, WriterIdentity
from adf.client.write_operations import WRITE_OPERATIONS
from adf.errors import Forbidden
from adf.simulator import Fault, Faults, arm_requests, make_simulator, read_role
from bot.doctor import CheckResult, Connections, DoctorInput, Finding
from bot.doctor.acts import actor_connections, examine_acts
from bot.doctor.remedies import grant_command
from tests.adf.simulator.worlds import all_of, world
from tests.install.conftest import LAB, any_token, utc_now

DEPLOY = Path(__file__).parents[2] / "deploy"
READER = read_role(DEPLOY / "reader-role.json")
OPERATOR = read_role(DEPLOY / "operator-role.json")
WRITER = WriterIdentity(client_id="55555555-5555-4555-8555-555555555555")


@dataclass
class Examined:
    """What doctor found, and what reached the factory."""

    findings: Sequence[Finding] = ()
    posts: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    runs: int = 0
    started: Collection[str] = ()

    def the(self, what: str) -> Finding:
        (found,) = [one for one in self.findings if one.what == what]
        return found

    def wrongs(self) -> list[Finding]:
        return [one for one in self.findings if one.verdict is CheckResult.WRONG]


async def nobody() -> AzureIdentity:
    raise NotImplementedError


@asynccontextmanager
async def serving(app: web.Application) -> AsyncGenerator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def examined(
    roles: Mapping[str, Collection[str]],
    *faults: Fault,
    writer: WriterIdentity | None = WRITER,
    acts_as_people: str = "",
) -> Examined:
    """Examine a factory where each identity may do what its role says."""
    pipelines = {"Load": [{"factory": "adf-lab"}]}
    triggers = {"t": {"pipeline": "Load", "state": "Started", "schedule": "hourly"}}
    state = world(pipelines=pipelines, triggers=triggers)
    app = make_simulator(state, roles=roles, before=Faults(faults))
    async with serving(app) as arm, aiohttp.ClientSession() as session:
        it = DoctorInput(
            factories=(LAB,), arm_url=arm, writer=writer, acts_as_people=acts_as_people
        )
        ways = Connections(
            session=session, sign_in=nobody, token=any_token, open_wire=sdk_wires(arm), now=utc_now
        )
        findings = await examine_acts(it, ways, actor_connections(it))
    (factory,) = state.factories
    return Examined(
        findings=findings,
        posts=[(one.path.rpartition("/")[2], one.status) for one in arm_requests(app)],
        runs=len(all_of(factory, state.clock())),
        started=[n for n, wire in factory.triggers.items() if wire["runtimeState"] == "Started"],
    )


async def test_two_identities_with_a_role_each_are_well_and_nothing_happens() -> None:
    found = await examined({WRITER.client_id: OPERATOR, "loopback": READER})
    said = found.the("acts: factory lab").said
    assert said == "the writer can do all 4 actions, and the reader none"
    assert found.wrongs() == []
    assert {status for _, status in found.posts} == {400, 403, 404}
    assert (found.runs, found.started) == (0, ["t"])


async def test_each_permission_that_the_writer_lacks_is_named_with_its_remedy() -> None:
    for one in WRITE_OPERATIONS:
        fewer = [action for action in OPERATOR if action not in one.permissions]
        found = await examined({WRITER.client_id: fewer, "loopback": READER})
        (wrong,) = found.wrongs()
        assert wrong.what == f"acts: factory lab: {one.purpose}"
        assert one.permissions[0] in wrong.said
        assert "role=operator" in wrong.fix


async def test_a_reader_that_may_act_is_warned_of() -> None:
    found = await examined({WRITER.client_id: OPERATOR, "loopback": ["Microsoft.DataFactory/*"]})
    warned = found.the("acts: factory lab")
    assert warned.verdict is CheckResult.WARN
    assert "the identity that reads may also run or rerun a pipeline" in warned.said
    assert (found.runs, found.started) == (0, ["t"])


async def test_without_a_writer_the_bot_only_reads() -> None:
    found = await examined({}, writer=None)
    assert found.the("acts").said.startswith("off: the bot only reads")
    assert found.posts == []


async def test_where_people_act_for_themselves_acts_are_not_called_off() -> None:
    said = (await examined({}, writer=None, acts_as_people="azure-people")).the("acts").said
    assert said.startswith("people act for themselves: each signs in by azure-people")


async def test_a_service_that_does_not_say_is_no_proof() -> None:
    roles = {WRITER.client_id: OPERATOR, "loopback": READER}
    found = await examined(roles, Fault(path="/createRun", status=503))
    assert found.the("acts: factory lab").verdict is CheckResult.WARN


async def test_a_bot_without_a_writer_has_no_identity_to_act_with() -> None:
    with pytest.raises(Forbidden, match="no identity to act with"):
        open_writer("https://management.azure.com", None)()


async def test_the_writer_is_a_managed_identity_or_an_application_with_a_secret() -> None:
    arm = "https://management.azure.com"
    managed = writer_credential(arm, WRITER)
    secret = WriterIdentity(client_id=WRITER.client_id, tenant="tenant", secret="planted-secret")
    registered = writer_credential(arm, secret)
    assert isinstance(managed, ManagedIdentityCredential)
    assert isinstance(registered, ClientSecretCredential)
    assert "planted-secret" not in repr(secret)
    for one in (managed, registered):
        await one.close()


async def test_a_persons_own_token_is_used_as_it_was_exchanged() -> None:
    async def fetch() -> tuple[str, int]:
        return "a person's token", 1_900_000_000

    async with PersonCredential(fetch) as credential:
        assert await credential.get_token("any") == AccessToken("a person's token", 1_900_000_000)


def test_the_operator_role_is_the_table_of_acts_and_no_more() -> None:
    role = json.loads((DEPLOY / "operator-role.json").read_text(encoding="utf-8"))
    needed = [action for one in WRITE_OPERATIONS for action in one.permissions]
    assert sorted(role["Actions"]) == sorted(needed)
    assert role["DataActions"] == role["NotActions"] == []
    assert not set(OPERATOR) & set(READER)
    for action in role["Actions"]:
        assert action.startswith("Microsoft.DataFactory/factories/")
        assert action.endswith("/action")
        assert not any(word in action for word in ("*", "write", "delete"))


def test_the_command_that_grants_acts_fits_the_file() -> None:
    command = grant_command(LAB, "id", role="operator")
    assert command.endswith(" role=operator")
    assert "role=" not in grant_command(LAB, "id")
