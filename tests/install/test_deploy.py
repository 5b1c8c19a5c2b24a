"""What an administrator copies is true: settings, files, parameters, permissions, and the image."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import tree_sitter_bicep
from aiohttp import web
from azure.mgmt.datafactory.aio import DataFactoryManagementClient
from tree_sitter import Language, Node, Parser

from adf.client import operations
from adf.client.operations import OPERATIONS, ArmOperation
from adf.client.simulator_transport import LoopbackCredential
from bot.doctor.remedies import grant_command
from tests.install.conftest import LAB

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
ROLE = json.loads((DEPLOY / "reader-role.json").read_text(encoding="utf-8"))
# Settings of azure-identity itself, which our own settings do not read.
OF_AZURE_IDENTITY = {"AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"}
SETTING = re.compile(r"\b(?:ADFOPS_[A-Z_]+|AZURE_[A-Z_]+|MicrosoftApp[A-Za-z]+)\b")
BICEP = sorted(DEPLOY.glob("*.bicep"))


def read(name: str) -> str:
    """A file of deploy/."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def commands() -> list[str]:
    """The commands of the page, each as one line."""
    blocks = re.findall(r"```bash\n(.*?)```", read("README.md"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def parameters(file: str) -> dict[str, bool]:
    """The parameters of a Bicep file; whether each must be given."""
    found = re.findall(r"^param (\w+) \w+( =)?", read(file), re.MULTILINE)
    return {name: not default for name, default in found}


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_setting_that_is_named_is_one(file: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    known = set(re.findall(r"^([A-Za-z_]+)=", example, re.MULTILINE)) | OF_AZURE_IDENTITY
    assert set(SETTING.findall(file.read_text(encoding="utf-8"))) - known == set()


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"\b((?:deploy|manifest)/[\w.-]+\.\w+)", "\n".join(commands()))
    assert "deploy/main.bicep" in named
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert (ROOT / "deploy" / "Dockerfile").exists()
    modules = re.findall(r"python -m ([\w.]+)", "\n".join(commands()))
    assert modules
    assert [one for one in modules if not (ROOT / f"{one.replace('.', '/')}.py").exists()] == []


@pytest.mark.parametrize("file", ["main.bicep", "factory.bicep", "alerts.bicep"])
def test_the_parameters_that_are_given_are_those_of_the_file(file: str) -> None:
    used = [line for line in commands() if f"-f deploy/{file}" in line]
    assert used
    for line in used:
        given = set(re.findall(r"\b(\w+)=", line.partition(" -p ")[2]))
        known = parameters(file)
        assert given - known.keys() == set()
        assert {name for name, needed in known.items() if needed} - given == set()


def test_the_command_that_doctor_prints_fits_the_file() -> None:
    given = set(re.findall(r"\b(\w+)=", grant_command(LAB, "id")))
    assert given <= parameters("factory.bicep").keys()
    assert "-f deploy/factory.bicep" in grant_command(LAB, "id")


def test_an_app_registration_needs_the_parameters_that_the_page_adds() -> None:
    page = read("README.md")
    added = re.search(r"with:  -p (.*)", page)
    hidden = re.search(r'printf \'\{"(\w+)"', page)
    assert added is not None
    assert hidden is not None
    assert {*re.findall(r"(\w+)=", added[1]), hidden[1]} <= parameters("main.bicep").keys()


def test_every_variable_is_made_before_it_is_used() -> None:
    made: set[str] = set()
    for line in commands():
        used = set(re.findall(r"\$\{?([A-Z_]+)", line)) - {"RANDOM", "NEW_VERSION"}
        assert used - made == set(), line
        made |= set(re.findall(r"^([A-Z_]+)=", line))


def test_every_operation_of_the_client_is_in_the_table_with_its_permission() -> None:
    declared = {one for one in vars(operations).values() if isinstance(one, ArmOperation)}
    assert set(OPERATIONS) == declared
    assert all(one.permissions for one in OPERATIONS)
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


def test_every_operation_is_one_call_of_the_official_client() -> None:
    client = DataFactoryManagementClient(LoopbackCredential(), "sub")
    for one in OPERATIONS:
        group, _, method = one.method.partition(".")
        assert one.path or callable(getattr(getattr(client, group), method)), one.name


def test_the_role_grants_what_the_questions_need_and_no_more() -> None:
    needed = {action for one in OPERATIONS for action in one.permissions}
    assert set(ROLE["Actions"]) == needed
    assert len(ROLE["Actions"]) == len(needed)
    assert ROLE["DataActions"] == ROLE["NotActions"] == []


def test_the_role_can_change_nothing_and_reads_no_secret() -> None:
    queries = {
        "querypipelineruns/action",
        "queryactivityruns/action",
        "querytriggerruns/action",
    }
    beside = {
        "Microsoft.Insights/eventtypes/values/read",
        "Microsoft.ResourceHealth/AvailabilityStatuses/read",
        "Microsoft.ResourceHealth/events/read",
    }
    for action in ROLE["Actions"]:
        tail = "/".join(action.split("/")[-2:])
        assert action.startswith("Microsoft.DataFactory/factories/") or action in beside
        assert action.endswith("/read") or tail in queries
        assert "*" not in action
        # Azure answers a linked service with its secrets masked; who uses it needs no more.
        secrets = "credentials|authkeys|connectioninfo|nodes|syncCredentials"
        assert not re.search(secrets, action, re.IGNORECASE)


def test_the_role_that_sees_peoples_roles_sees_nothing_else() -> None:
    role = json.loads(read("people-role.json"))
    assert role["Actions"] == ["Microsoft.Authorization/roleAssignments/read"]
    assert role["DataActions"] == role["NotActions"] == role["NotDataActions"] == []


def troubles(node: Node) -> Iterator[str]:
    """Where a file cannot be parsed."""
    if node.is_error or node.is_missing:
        yield f"line {node.start_point[0] + 1}"
    for child in node.children:
        yield from troubles(child)


@pytest.mark.parametrize("file", BICEP, ids=lambda file: file.name)
def test_bicep_can_be_parsed(file: Path) -> None:
    parser = Parser(Language(tree_sitter_bicep.language()))
    assert list(troubles(parser.parse(file.read_bytes()).root_node)) == []
    assert list(troubles(parser.parse(file.read_bytes() + b"\nresource x {").root_node)) != []


def test_bicep_takes_the_permissions_from_the_one_list() -> None:
    for role in ("reader-role.json", "operator-role.json", "people-role.json"):
        assert f"loadJsonContent('{role}')" in read("factory.bicep")
    assert "Microsoft.DataFactory/factories/" not in read("factory.bicep").replace(
        "Microsoft.DataFactory/factories@", ""
    )


def test_every_way_to_sign_in_can_be_deployed() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    ways = set(re.findall(r"^(MicrosoftApp(?!Id|Type|Tenant)\w+)=", example, re.MULTILINE))
    of_kubernetes = {"MicrosoftAppFederatedTokenFile"}
    deployed = set(re.findall(r"name: '(MicrosoftApp\w+)'", read("main.bicep")))
    assert ways - of_kubernetes <= deployed
    assert len(ways) == 4
    for hidden in ("appPassword", "appCertificate"):
        assert (
            "@secure()\n@description" in read("main.bicep").partition(f"param {hidden} ")[0][-200:]
        )


def test_only_teams_calls_the_bot_unless_somebody_is_added() -> None:
    text = read("main.bicep")
    default = re.search(r"param callers array = \[(.*?)\]", text, re.DOTALL)
    assert default is not None
    assert re.findall(r"'(.+?)'", default[1]) == ["52.112.0.0/14", "52.122.0.0/15"]
    assert "ipSecurityRestrictions: callerRules" in text
    assert "allowInsecure: false" in text


def test_a_private_store_has_no_public_way_in() -> None:
    text = read("main.bicep")
    assert "publicNetworkAccess: privateNetwork ? 'Disabled'" in text
    assert "infrastructureSubnetId: network!.outputs.containersSubnetId" in text
    given = re.search(r"module network .*?params: \{(.*?)\}", text, re.DOTALL)
    assert given is not None
    named = set(re.findall(r"(\w+):", given[1]))
    known = parameters("network.bicep")
    assert {name for name, needed in known.items() if needed} <= named <= known.keys()


def test_one_replica_writes_a_file_and_several_share_tables_without_keys() -> None:
    assert "minReplicas: 1\n" in read("main.bicep")
    assert "maxReplicas: onTables ? maxReplicas : 1\n" in read("main.bicep")
    assert "allowSharedKeyAccess: !onTables\n" in read("main.bicep")


def steps() -> list[str]:
    """The lines of the image file, each whole."""
    return read("Dockerfile").replace("\\\n", " ").splitlines()


def test_the_image_runs_as_nobody_special_without_secrets_or_developers_tools() -> None:
    last = steps()[max(at for at, line in enumerate(steps()) if line.startswith("FROM")) :]
    users = [line.split()[1] for line in last if line.startswith("USER")]
    assert users == ["10001:10001"]
    text = read("Dockerfile")
    # The base alone, by its digest; whatever is an argument stays readable in the image.
    assert re.findall(r"^ARG (\w+)", text, re.MULTILINE) == ["BASE"]
    assert not re.search(r"password|secret(?! is)|token|requirements-dev|npm|playground", text)
    assert "COPY . " not in text
    assert "HEALTHCHECK" in text


def test_only_what_is_named_goes_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    copied = {
        line.split()[1] for line in steps() if line.startswith("COPY") and "--from" not in line
    }
    assert let_in == copied
    assert not any(fnmatch(".env", one) for one in let_in)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the image, in a folder of their own."""
    folder = tmp_path_factory.mktemp("image")
    for room in ("adf", "bot", "cards"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, folder / room, ignore=ignored)
    shutil.copy(ROOT / "app.py", folder)
    return folder


def test_the_files_of_the_image_are_enough_to_start(image: Path) -> None:
    compiled = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*compiled, "cards", "app.py"], cwd=image, check=True)
    said = subprocess.run(
        [sys.executable, "app.py", "--help"], cwd=image, capture_output=True, text=True, check=True
    )
    assert "serve" in said.stdout
    refused = subprocess.run(
        [sys.executable, "app.py", "serve"],
        cwd=image,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "MicrosoftAppId" in refused.stderr


async def test_the_health_check_of_the_image_tells_a_live_bot_from_a_dead_one() -> None:
    line = next(line for line in steps() if "CMD [" in line and "healthz" in line)
    command = json.loads(line[line.index("[") :])
    assert command[0] == "python"

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/healthz", health)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = str(runner.addresses[0][1])

    async def ends(port: str) -> int:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            *command[1:],
            env={"ADFOPS_PORT": port},
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await running.wait()

    assert await ends(port) == 0
    await runner.cleanup()
    assert await ends(port) != 0
