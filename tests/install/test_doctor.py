"""Doctor finds each planted misconfiguration by name, and says how it is fixed and by whom."""

import asyncio
import json
import re
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from azure.core.credentials import AccessToken
from azure.core.exceptions import ServiceRequestError
from azure.identity.aio import ManagedIdentityCredential

from adf.client.connections import azure_sign_in
from adf.client.credentials import sign_in
from adf.client.identity import AzureIdentity
from adf.client.operations import OPERATIONS
from adf.client.transport import Wire
from bot.doctor import CheckResult, Finding, Fixer, in_json, in_words, is_well
from bot.state.store import open_store
from bot.teams import TeamsIdentity
from tests.contract.conftest import AnyCredential
from tests.doubles.certificate import make_app_certificate
from tests.install.conftest import APP_ID, BOT_IN_AZURE, LAB, SECRET, Ward, azure_token, utc_now

PERMISSION = {one.name: one.permissions[0] for one in OPERATIONS}


def the(findings: Sequence[Finding], what: str) -> Finding:
    """The one finding about something."""
    (found,) = [one for one in findings if one.what == what]
    return found


def wrongs(findings: Sequence[Finding]) -> list[str]:
    """What is wrong, by name."""
    return [one.what for one in findings if one.verdict is CheckResult.WRONG]


def arm_error(status: int, code: str, message: str = "no") -> Callable[[], web.Response]:
    """An answer in Resource Manager's shape."""
    return lambda: web.json_response({"error": {"code": code, "message": message}}, status=status)


def answering(
    path: str, method: str, response: Callable[[], web.Response]
) -> Callable[[web.Request], Awaitable[web.StreamResponse | None]]:
    """Answer one kind of request in Resource Manager's place."""

    async def before(request: web.Request) -> web.StreamResponse | None:
        is_it = request.method == method and re.search(path, request.path)
        return response() if is_it else None

    return before


async def test_a_well_installation_is_well_and_quick(ward: Ward) -> None:
    began = asyncio.get_running_loop().time()
    findings = await ward.examine()
    assert {one.verdict for one in findings} == {CheckResult.OK}
    assert is_well(findings)
    assert asyncio.get_running_loop().time() - began < 15
    assert f"adf-ops ({BOT_IN_AZURE})" in the(findings, "sign-in to Azure").said
    assert f"all {len(OPERATIONS)} read permissions" in the(findings, "factory lab").said
    assert "Europe/Berlin" in the(findings, "ADFOPS_ZONE").said


async def test_nothing_is_left_behind_in_the_store(ward: Ward) -> None:
    await ward.examine()
    store = await open_store(ward.it.store)
    assert await store.range("doctor") == []
    await store.close()


async def test_each_refused_setting_is_found_by_its_name(ward: Ward) -> None:
    findings = await ward.examine(
        problems=("ADFOPS_PORT: Input should be a valid integer", "MicrosoftAppId: not set"),
        identity=None,
    )
    assert wrongs(findings) == ["ADFOPS_PORT", "MicrosoftAppId"]
    assert ".env.example" in the(findings, "MicrosoftAppId").fix
    assert the(findings, "bot identity").verdict is CheckResult.WARN
    assert the(findings, "factory lab").verdict is CheckResult.OK


async def test_a_wrong_id_is_told_with_where_it_is_found(ward: Ward) -> None:
    said = "MicrosoftAppId: not a GUID; copy the Application (client) ID"
    found = the(await ward.examine(problems=(said,), identity=None), "MicrosoftAppId")
    assert (found.said, found.fix) == ("not a GUID", "copy the Application (client) ID")


async def test_a_wrong_zone_is_told_once(ward: Ward) -> None:
    findings = await ward.examine(problems=("ADFOPS_ZONE: not an IANA time zone",))
    assert [one.verdict for one in findings if one.what == "ADFOPS_ZONE"] == [CheckResult.WRONG]


async def test_a_broken_factories_file_is_found_by_its_setting(ward: Ward) -> None:
    problem = "ADFOPS_FACTORIES: factories.json: factories.prod.resource_group: Field required"
    findings = await ward.examine(problems=(problem,), factories=())
    assert wrongs(findings) == ["ADFOPS_FACTORIES"]
    assert "factories.prod.resource_group" in the(findings, "ADFOPS_FACTORIES").said


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("AADSTS7000215", f"az ad app credential reset --id {APP_ID}"),
        ("AADSTS7000222", f"az ad app credential reset --id {APP_ID}"),
        ("AADSTS700016", f"az ad app show --id {APP_ID}"),
        ("AADSTS90002", "az account show --query tenantId"),
        ("AADSTS500011", "MicrosoftAppTenantId"),
    ],
)
async def test_a_secret_app_and_tenant_that_do_not_fit_are_found(
    code: str, fix: str, ward: Ward
) -> None:
    said = f"{code}: Something about app '{APP_ID}' and {SECRET}."
    ward.entra.refusal = {"error": "invalid_client", "error_description": said}
    findings = await ward.examine()
    assert wrongs(findings) == ["MicrosoftAppId and its secret"]
    found = the(findings, "MicrosoftAppId and its secret")
    assert code in found.said
    assert fix in found.fix
    assert found.who == Fixer.ENTRA
    assert SECRET not in in_words(findings) + in_json(findings)


async def test_a_sign_in_of_the_bot_that_takes_too_long_is_found(ward: Ward) -> None:
    ward.entra.token_delay = 1.0
    ward.ways = replace(ward.ways, limit=0.3)
    found = the(await ward.examine(), "MicrosoftAppId and its secret")
    assert (found.verdict, "no sign-in within" in found.said) == (CheckResult.WRONG, True)


async def test_a_managed_identity_that_this_machine_lacks_is_found(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{ward.bot_framework.url}nothing")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    identity = ward.it.identity
    assert identity is not None
    managed = replace(identity, app_type="UserAssignedMSI", app_password="")
    findings = await ward.examine(identity=managed)
    assert wrongs(findings) == ["MicrosoftAppId"]
    assert "az identity list" in the(findings, "MicrosoftAppId").fix


@pytest.mark.parametrize(
    ("days", "verdict", "said"),
    [
        (365, CheckResult.OK, "good until"),
        (20, CheckResult.WARN, "good until"),
        (-2, CheckResult.WRONG, "ended on"),
    ],
)
async def test_the_end_of_a_certificate_is_foretold(
    days: float, verdict: CheckResult, said: str, ward: Ward, tmp_path: Path
) -> None:
    pem, _ = make_app_certificate(days)
    file = tmp_path / "bot.pem"
    file.write_bytes(pem)
    findings = await ward.examine(identity=without_secret(ward, certificate=file))
    found = the(findings, "MicrosoftAppCertificate")
    assert (found.verdict, said in found.said) == (verdict, True)
    assert the(findings, "MicrosoftAppId and its certificate").verdict is CheckResult.OK
    assert "PRIVATE" not in in_words(findings) + in_json(findings)


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("AADSTS700027", "--cert @certificate.pem"),
        ("AADSTS700211", f"az ad app federated-credential list --id {APP_ID}"),
        ("AADSTS700212", f"az ad app federated-credential list --id {APP_ID}"),
        ("AADSTS700213", f"az ad app federated-credential list --id {APP_ID}"),
        ("AADSTS700024", "the platform must renew its file"),
        ("AADSTS500011", "and the federated token"),
    ],
)
async def test_a_sign_in_without_a_secret_that_is_refused_says_what_to_register(
    code: str, fix: str, ward: Ward, tmp_path: Path
) -> None:
    ward.entra.refusal = {"error": "invalid_client", "error_description": f"{code}: Something."}
    file = tmp_path / "token"
    file.write_text("a.b.c", encoding="utf-8")
    findings = await ward.examine(identity=without_secret(ward, token_file=file))
    found = the(findings, "MicrosoftAppId and its federated token")
    assert (found.verdict, code in found.said, fix in found.fix) == (CheckResult.WRONG, True, True)


async def test_a_trusted_identity_that_this_machine_lacks_is_found(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{ward.bot_framework.url}nothing")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    findings = await ward.examine(identity=without_secret(ward, federated_identity=APP_ID))
    found = the(findings, "MicrosoftAppId and its federated identity")
    assert (found.verdict, "az identity list" in found.fix) == (CheckResult.WRONG, True)


def without_secret(ward: Ward, **way: object) -> TeamsIdentity:
    """The bot with another way to sign in."""
    assert ward.it.identity is not None
    return replace(ward.it.identity, app_password="", **way)  # pyright: ignore[reportArgumentType]


async def test_keys_that_cannot_be_read_are_found(ward: Ward) -> None:
    ward.bot_framework.is_down = True
    findings = await ward.examine()
    assert wrongs(findings) == ["signing keys of the Bot Framework"]
    assert ward.bot_framework.url in the(findings, "signing keys of the Bot Framework").fix


async def test_a_sign_in_to_azure_without_an_identity_is_found(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{ward.bot_framework.url}nothing")
    monkeypatch.setenv("IDENTITY_HEADER", "header")

    async def managed() -> AzureIdentity:
        return await sign_in(ward.it.arm_url, ManagedIdentityCredential())

    ward.ways = replace(ward.ways, sign_in=managed)
    findings = await ward.examine()
    assert wrongs(findings) == ["sign-in to Azure"]
    assert "AZURE_CLIENT_ID" in the(findings, "sign-in to Azure").fix
    assert "az login" in the(findings, "sign-in to Azure").fix
    assert the(findings, "factory lab").verdict is CheckResult.WARN


class Unanswered(AnyCredential):
    """A credential whose service is out of reach, or never answers."""

    def __init__(self, until: asyncio.Event | None = None) -> None:
        super().__init__()
        self.until = until

    async def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        if self.until:
            await self.until.wait()
        raise ServiceRequestError("cannot connect")


async def test_a_sign_in_service_out_of_reach_is_found(ward: Ward) -> None:
    ward.signing_in(Unanswered())
    assert "cannot connect" in the(await ward.examine(), "sign-in to Azure").said
    ward.signing_in(Unanswered(asyncio.Event()))
    assert "no answer in time" in the(await ward.examine(), "sign-in to Azure").said


@pytest.mark.parametrize(
    ("changed", "setting", "fix"),
    [
        ({"resource_group": "rg-lba"}, "AZURE_RESOURCE_GROUP", "az group list"),
        ({"name": "adf-lba"}, "AZURE_DATA_FACTORY_NAME", "az resource list"),
    ],
)
async def test_a_name_that_is_not_there_is_found_by_its_setting(
    changed: dict[str, str], setting: str, fix: str, ward: Ward
) -> None:
    factory = replace(LAB, **changed)  # pyright: ignore[reportArgumentType]
    findings = await ward.examine(factories=(factory,))
    assert wrongs(findings) == [setting]
    assert next(iter(changed.values())) in the(findings, setting).said
    assert fix in the(findings, setting).fix
    (field,) = changed
    findings = await ward.examine(factories=(factory,), is_file=True)
    assert wrongs(findings) == [f"ADFOPS_FACTORIES: lab.{field}"]


@pytest.mark.parametrize(
    ("status", "code", "said", "fix"),
    [
        (404, "SubscriptionNotFound", "no subscription", "az account list"),
        (400, "InvalidSubscriptionId", "no subscription", "az account list"),
        (401, "InvalidAuthenticationTokenTenant", "another tenant", "az account show"),
    ],
)
async def test_a_wrong_subscription_is_found(
    status: int, code: str, said: str, fix: str, ward: Ward
) -> None:
    ward.before = answering("/subscriptions/", "GET", arm_error(status, code))
    findings = await ward.examine()
    assert wrongs(findings) == ["AZURE_SUBSCRIPTION_ID"]
    assert said in the(findings, "AZURE_SUBSCRIPTION_ID").said
    assert fix in the(findings, "AZURE_SUBSCRIPTION_ID").fix


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("get_factory", "GET", "/factories/adf-lab$"),
        ("list_pipelines", "GET", "/pipelines$"),
        ("get_pipeline", "GET", "/pipelines/.+"),
        ("query_runs", "POST", "/queryPipelineRuns$"),
        ("get_run", "GET", "/pipelineruns/[^/]+$"),
        ("query_activity_runs", "POST", "/queryActivityruns$"),
        ("list_triggers", "GET", "/triggers$"),
        ("get_trigger", "GET", "/triggers/.+"),
        ("query_trigger_runs", "POST", "/queryTriggerRuns$"),
        ("list_runtimes", "GET", "/integrationRuntimes$"),
        ("get_runtime_status", "POST", "/getStatus$"),
        ("get_runtime_load", "POST", "/monitoringData$"),
    ],
)
async def test_a_missing_permission_is_found_with_the_command_that_grants_it(
    operation: str, method: str, path: str, ward: Ward
) -> None:
    ward.before = answering(path, method, arm_error(403, "AuthorizationFailed"))
    findings = await ward.examine()
    (found,) = [one for one in findings if one.verdict is CheckResult.WRONG]
    assert found.what.startswith("factory lab: ")
    assert found.said.endswith(f"lacks {PERMISSION[operation]}")
    assert "az deployment group create" in found.fix
    assert (
        f"-g rg-lab -f deploy/factory.bicep -p factoryName=adf-lab principalId={BOT_IN_AZURE}"
        in found.fix
    )
    assert found.who == Fixer.AZURE


async def test_the_action_that_azure_itself_names_is_believed(ward: Ward) -> None:
    said = "may not perform action 'Microsoft.DataFactory/factories/new/read' over scope"
    ward.before = answering(
        "/queryPipelineRuns$", "POST", arm_error(403, "AuthorizationFailed", said)
    )
    (found,) = [one for one in await ward.examine() if one.verdict is CheckResult.WRONG]
    assert "lacks Microsoft.DataFactory/factories/new/read" in found.said


async def test_a_person_is_granted_the_role_as_a_person(ward: Ward) -> None:
    ward.signing_in(AnyCredential(azure_token(upn="maya@contoso.com")))
    ward.before = answering("/pipelines$", "GET", arm_error(403, "AuthorizationFailed"))
    (found,) = [one for one in await ward.examine() if one.verdict is CheckResult.WRONG]
    assert "maya@contoso.com" in found.said
    assert "principalType=User" in found.fix


async def test_every_permission_missing_is_one_line_each_and_no_more(ward: Ward) -> None:
    async def all_refused(request: web.Request) -> web.StreamResponse | None:
        is_factory = "/subscriptions/" in request.path
        return arm_error(403, "AuthorizationFailed")() if is_factory else None

    ward.before = all_refused
    assert len(wrongs(await ward.examine())) == len(OPERATIONS)


@pytest.mark.parametrize(
    ("status", "code", "verdict", "said"),
    [
        (429, "TooManyRequests", CheckResult.WARN, "throttling"),
        (500, "InternalServerError", CheckResult.WARN, "no"),
        (401, "ExpiredAuthenticationToken", CheckResult.WRONG, "sign-in"),
        (400, "BadRequest", CheckResult.OK, f"all {len(OPERATIONS)} read permissions"),
    ],
)
async def test_what_else_azure_may_answer_is_told_apart(
    status: int, code: str, verdict: CheckResult, said: str, ward: Ward
) -> None:
    ward.before = answering("/queryPipelineRuns$", "POST", arm_error(status, code))
    found = next(one for one in await ward.examine() if one.what.startswith("factory lab"))
    assert found.verdict is verdict
    assert said in found.said


@pytest.mark.parametrize(
    ("response", "verdict"),
    [
        (arm_error(503, "ServiceUnavailable"), CheckResult.WARN),
        (lambda: web.Response(status=502, text="<html>"), CheckResult.WARN),
        (arm_error(401, "InvalidAuthenticationToken"), CheckResult.WRONG),
    ],
)
async def test_a_factory_that_cannot_be_looked_at_is_told(
    response: Callable[[], web.Response], verdict: CheckResult, ward: Ward
) -> None:
    ward.before = answering("/factories/adf-lab$", "GET", response)
    assert the(await ward.examine(), "factory lab").verdict is verdict


async def test_a_service_that_never_answers_ends_the_examination_in_time(ward: Ward) -> None:
    never = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    ward.before = silent
    began = asyncio.get_running_loop().time()
    findings = await ward.examine()
    never.set()
    assert asyncio.get_running_loop().time() - began < 15
    assert "does not answer" in the(findings, "network: Azure Resource Manager").said
    assert the(findings, "factory lab").verdict is CheckResult.WRONG


async def test_a_check_that_takes_too_long_is_a_finding(ward: Ward) -> None:
    ward.signing_in(Unanswered(asyncio.Event()))
    ward.ways = replace(ward.ways, limit=100)
    findings = await ward.examine(limit=60)
    assert "could not be checked within" in the(findings, "Azure").said
    assert the(findings, "ADFOPS_STORE").verdict is CheckResult.OK


async def test_a_check_that_breaks_is_a_finding(ward: Ward) -> None:
    def broken(_: str) -> Wire:
        raise RuntimeError("Password=Hidden-9; no SDK")

    ward.ways = replace(ward.ways, open_wire=broken)
    said = the(await ward.examine(), "Azure").said
    assert "RuntimeError" in said
    assert "Hidden-9" not in said


def other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()


def newer_bot(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize(
    ("make", "said", "fix"),
    [
        (other_program, "another program", "name a new file"),
        (newer_bot, "newer version", "newer version"),
        (garbage, "no store of ours", "may write"),
        (Path.mkdir, "cannot open", "may write"),
    ],
)
async def test_a_store_that_is_not_ours_is_found(
    make: Callable[[Path], None], said: str, fix: str, ward: Ward, tmp_path: Path
) -> None:
    make(tmp_path / "spoiled.db")
    findings = await ward.examine(store=f"sqlite:///{tmp_path / 'spoiled.db'}")
    assert wrongs(findings) == ["ADFOPS_STORE"]
    assert said in the(findings, "ADFOPS_STORE").said
    assert fix in the(findings, "ADFOPS_STORE").fix


async def test_a_store_below_a_file_is_found(ward: Ward, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert wrongs(await ward.examine(store=f"sqlite:///{tmp_path}/file/adfops.db")) == [
        "ADFOPS_STORE"
    ]


async def test_a_store_that_takes_no_writes_is_found(ward: Ward, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'frozen.db'}"
    await (await open_store(url)).close()
    trigger = "CREATE TRIGGER no BEFORE INSERT ON entries BEGIN SELECT RAISE(FAIL, 'full'); END"
    with sqlite3.connect(tmp_path / "frozen.db") as connection:
        connection.execute(trigger)
    connection.close()
    found = the(await ward.examine(store=url), "ADFOPS_STORE")
    assert found.verdict is CheckResult.WRONG


async def test_a_store_address_that_is_none_is_found(ward: Ward) -> None:
    found = the(await ward.examine(store="redis://somewhere"), "ADFOPS_STORE")
    assert found.verdict is CheckResult.WRONG
    assert "sqlite:////data/adfops.db" in found.fix


async def test_a_store_that_forgets_is_told(ward: Ward) -> None:
    findings = await ward.examine(store="memory:")
    assert the(findings, "ADFOPS_STORE").verdict is CheckResult.WARN
    assert is_well(findings)


async def test_a_port_that_somebody_holds_is_found(ward: Ward) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(1)
        port = held.getsockname()[1]
        found = the(await ward.examine(port=port), "ADFOPS_PORT")
    assert found.verdict is CheckResult.WRONG
    assert str(port) in found.said
    assert "ss -ltnp" in found.fix


async def test_a_port_that_the_bot_itself_holds_is_well(ward: Ward) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/healthz", health)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = int(runner.addresses[0][1])
    found = the(await ward.examine(port=port), "ADFOPS_PORT")
    await runner.cleanup()
    assert (found.verdict, "already" in found.said) == (CheckResult.OK, True)


async def test_nobody_declared_is_found(ward: Ward) -> None:
    findings = await ward.examine(operators=())
    assert wrongs(findings) == ["ADFOPS_OPERATORS"]
    assert "az ad user show" in the(findings, "ADFOPS_OPERATORS").fix
    findings = await ward.examine(operators=(), declared=3)
    assert the(findings, "ADFOPS_OPERATORS").verdict is CheckResult.WARN


async def test_operators_that_were_refused_are_told_once(ward: Ward) -> None:
    problem = "ADFOPS_OPERATORS: maya@contoso.com is not the object id of a person in Entra, a GUID"
    findings = await ward.examine(problems=(problem,), operators=())
    assert wrongs(findings) == ["ADFOPS_OPERATORS"]
    assert "maya@contoso.com" in the(findings, "ADFOPS_OPERATORS").said


async def test_local_mode_is_told(ward: Ward) -> None:
    findings = await ward.examine(identity=TeamsIdentity(local=True), operators=())
    assert the(findings, "bot identity").verdict is CheckResult.WARN
    assert the(findings, "ADFOPS_OPERATORS").verdict is CheckResult.OK
    assert is_well(findings)


@pytest.mark.parametrize(
    ("minutes", "verdict", "side"),
    [
        (10, CheckResult.WRONG, "ahead"),
        (-10, CheckResult.WRONG, "behind"),
        (2, CheckResult.WARN, "ahead"),
    ],
)
async def test_a_clock_that_runs_wrong_is_found(
    minutes: int, verdict: CheckResult, side: str, ward: Ward
) -> None:
    ward.ways = replace(ward.ways, now=lambda: utc_now() + timedelta(minutes=minutes))
    found = the(await ward.examine(), "clock")
    assert found.verdict is verdict
    assert side in found.said
    assert "time synchronization" in found.fix


async def test_a_connection_that_is_refused_is_found(ward: Ward) -> None:
    findings = await ward.examine(arm_url="http://127.0.0.1:9")
    found = the(findings, "network: Azure Resource Manager")
    assert "refuses the connection" in found.said
    assert found.who == Fixer.NETWORK
    assert found.fix == "open 127.0.0.1, port 9, outbound"


class NoNames(AbstractResolver):
    """A resolver that knows no name."""

    async def resolve(self, host: str, *_: object, **__: object) -> list[ResolveResult]:
        raise OSError(f"no {host}")

    async def close(self) -> None:
        pass


async def test_a_name_that_cannot_be_resolved_is_found(ward: Ward) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=NoNames())) as session:
        ward.ways = replace(ward.ways, session=session)
        findings = await ward.examine(arm_url="https://management.nowhere.invalid", factories=())
    found = the(findings, "network: Azure Resource Manager")
    assert "can't be resolved" in found.said
    assert "DNS" in found.fix


async def test_a_certificate_of_somebody_between_is_found(ward: Ward) -> None:
    async with aiohttp.ClientSession() as session:
        ward.ways = replace(ward.ways, session=session)
        found = the(await ward.examine(), "network: Microsoft Entra sign-in")
    assert "not trusted" in found.said
    assert "TLS inspection" in found.fix


async def test_a_line_that_breaks_off_is_found(ward: Ward) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    ward.before = hang_up
    findings = await ward.examine()
    assert "closed the connection" in the(findings, "network: Azure Resource Manager").said


async def test_a_service_without_a_date_says_nothing_about_the_clock(ward: Ward) -> None:
    ward.before = answering("^/$", "GET", lambda: web.Response(headers={"Date": "yesterday"}))
    findings = await ward.examine(identity=TeamsIdentity(local=True))
    assert [one for one in findings if one.what == "clock"] == []


async def test_no_secret_and_no_token_is_ever_told(ward: Ward) -> None:
    ward.before = answering(
        "/queryPipelineRuns$", "POST", arm_error(500, "Odd", f"Password={SECRET};")
    )
    findings = await ward.examine(operators=())
    said = in_words(findings) + in_json(findings) + repr(await ward.ways.sign_in())
    assert SECRET not in said
    assert azure_token() not in said


async def test_the_report_reads_line_by_line_with_mend_and_who(ward: Ward) -> None:
    said = in_words(await ward.examine(operators=()))
    line = next(line for line in said.splitlines() if line.startswith("wrong"))
    assert line.startswith("wrong ADFOPS_OPERATORS")
    assert "      fix:    " in said
    assert "      owner:  the bot admin" in said
    assert "/api/messages" in said
    assert said.endswith("1 wrong: fix what is wrong first.")
    assert in_words(await ward.examine()).endswith("0 wrong: the bot can serve.")


async def test_a_program_reads_the_same(ward: Ward) -> None:
    read = json.loads(in_json(await ward.examine(operators=())))
    assert read["well"] is False
    (wrong,) = [one for one in read["findings"] if one["verdict"] == "wrong"]
    assert wrong["what"] == "ADFOPS_OPERATORS"
    assert wrong.keys() == {"verdict", "what", "said", "fix", "who"}


async def test_each_identity_is_called_by_what_its_token_says() -> None:
    async def name(token: str, url: str = "https://management.azure.com") -> str:
        return (await sign_in(url, AnyCredential(token))).name

    resource = "/subscriptions/s/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-adf"
    assert await name(azure_token(xms_mirid=resource)) == "managed identity id-adf"
    assert await name(azure_token()) == "app adf-ops"
    assert await name(azure_token(app_displayname=None)) == f"app {APP_ID}"
    assert await name(azure_token(unique_name="maya@contoso.com")) == "maya@contoso.com"
    assert await name("opaque") == "an identity unnamed"
    assert (await azure_sign_in("http://127.0.0.1:1")()).name == "the simulator's"


async def test_a_store_that_a_running_bot_owns_is_well_and_not_opened_beside_it(ward: Ward) -> None:
    store = await open_store(ward.it.store)
    try:
        found = [one for one in await ward.examine() if one.what == "ADFOPS_STORE"]
    finally:
        await store.close()
    assert [(one.verdict, "in use by a running bot" in one.said) for one in found] == [
        (CheckResult.OK, True)
    ]
