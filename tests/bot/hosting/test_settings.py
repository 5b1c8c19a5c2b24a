"""A setting that is wrong is refused by its name, with the fix; secrets are never shown."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from adf.client.identity import WriterIdentity
from bot.hosting.config_files import WrongFile, read_file
from bot.hosting.configure import setup_of
from bot.hosting.settings import WrongSetting, check_ready_to_serve, read_settings

GUID = "22222222-2222-2222-2222-222222222222"
READY = {
    "MicrosoftAppId": GUID,
    "MicrosoftAppPassword": "planted-secret",
    "MicrosoftAppTenantId": GUID,
    "AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
    "AZURE_RESOURCE_GROUP": "rg",
    "AZURE_DATA_FACTORY_NAME": "adf",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MicrosoftAppId", "not a guid"),
        ("MicrosoftAppType", "MultiTenant"),
        ("MicrosoftAppTenantId", "contoso"),
        ("ADFOPS_ARM_URL", "http://management.azure.com"),
        ("ADFOPS_ARM_URL", "ftp://x"),
        ("ADFOPS_PORT", "70000"),
        ("ADFOPS_PORT", "many"),
        ("ADFOPS_ZONE", "Mars/Base"),
        ("ADFOPS_AGENT", "oracle"),
        ("ADFOPS_LOG", "LOUD"),
        ("ADFOPS_LOG_FORMAT", "xml"),
        ("ADFOPS_BOT_NAME", ""),
        ("ADFOPS_BOT_NAME", "x" * 31),
        ("ADFOPS_OPERATORS", "maya"),
        ("ADFOPS_OPERATORS", f"{GUID}, priya@contoso.com"),
        ("ADFOPS_WRITER_CLIENT_ID", "the writer"),
        ("ADFOPS_WRITER_CLIENT_SECRET", "planted-secret"),
        ("ADFOPS_SIGN_IN_CONNECTION", "azure; another"),
        ("ADFOPS_SIGN_IN_CONNECTION", "a" * 81),
        ("ADFOPS_POLL_SECONDS", "0.1"),
        ("ADFOPS_POLL_SECONDS", "often"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read_settings(_env_file=None, **{name: value})


def test_the_environment_is_read_by_the_documented_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in READY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ADFOPS_TENANTS", "a, b")
    monkeypatch.setenv("ADFOPS_OPERATORS", f"{GUID},{GUID.replace('2', 'A')}")
    settings = read_settings(_env_file=None)
    assert settings.app_id == GUID
    assert settings.operators == (GUID, GUID.replace("2", "a"))
    assert settings.tenants == ("a", "b")
    check_ready_to_serve(settings)


@pytest.mark.parametrize("missing", READY)
def test_serving_without_a_needed_setting_is_refused_by_name(missing: str) -> None:
    given = {name: value for name, value in READY.items() if name != missing}
    with pytest.raises(WrongSetting, match=missing):
        check_ready_to_serve(read_settings(_env_file=None, **given))


def test_anonymous_messages_stay_on_this_machine() -> None:
    with pytest.raises(WrongSetting, match="ADFOPS_HOST"):
        read_settings(_env_file=None, ADFOPS_LOCAL="1", ADFOPS_HOST="0.0.0.0")
    assert read_settings(_env_file=None, ADFOPS_LOCAL="1").bind == "127.0.0.1"


def test_a_secret_is_never_shown() -> None:
    settings = read_settings(_env_file=None, **READY)
    assert "planted-secret" not in repr(settings)
    with pytest.raises(WrongSetting) as refused:
        read_settings(_env_file=None, **(READY | {"ADFOPS_PORT": "x"}))
    assert "planted-secret" not in str(refused.value)


SERVICENOW = {
    "ADFOPS_TICKETS": "servicenow",
    "ADFOPS_TICKETS_URL": "https://contoso.service-now.com",
    "ADFOPS_TICKETS_USER": "adfops",
    "ADFOPS_TICKETS_SECRET": "planted-ticket-secret",
}


def test_a_ticket_system_is_read_and_its_secret_never_shown() -> None:
    settings = read_settings(_env_file=None, **READY, **SERVICENOW)
    setup = setup_of(settings)
    assert setup.tickets is not None
    assert (setup.tickets.name, setup.tickets.type_name) == ("ServiceNow", "incident")
    assert setup.tickets.secret == "planted-ticket-secret"
    assert "planted-ticket" not in repr(settings) + repr(setup)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ADFOPS_TICKETS_URL": None}, "ADFOPS_TICKETS=servicenow needs ADFOPS_TICKETS_URL"),
        ({"ADFOPS_TICKETS_SECRET": None}, "needs ADFOPS_TICKETS_SECRET"),
        ({"ADFOPS_TICKETS": "jira"}, "ADFOPS_TICKETS=jira needs ADFOPS_TICKETS_PROJECT"),
        ({"ADFOPS_TICKETS_URL": "http://contoso.example"}, "ADFOPS_TICKETS_URL: use https"),
        ({"ADFOPS_TICKETS": "remedy"}, "ADFOPS_TICKETS: "),
        ({"ADFOPS_TICKETS_UPDATES": "all"}, "ADFOPS_TICKETS_UPDATES: "),
    ],
)
def test_half_a_ticket_system_is_refused_by_name(changed: dict[str, str | None], said: str) -> None:
    with pytest.raises(WrongSetting, match=re.escape(said)):
        read_settings(_env_file=None, **{**READY, **SERVICENOW, **changed})


def test_without_one_only_who_tries_the_bot_has_one_in_memory() -> None:
    assert setup_of(read_settings(_env_file=None, **READY)).tickets is None
    tried = {**READY, "ADFOPS_LOCAL": True, "ADFOPS_ARM_URL": "http://127.0.0.1:1"}
    setup = setup_of(read_settings(_env_file=None, **tried))
    assert setup.tickets is not None
    assert setup.tickets.name == "the demo ticket system"


@pytest.mark.parametrize(
    ("given", "writer"),
    [
        ({}, None),
        ({"ADFOPS_WRITER_CLIENT_ID": GUID}, WriterIdentity(client_id=GUID, tenant=GUID)),
        (
            {"ADFOPS_WRITER_CLIENT_ID": GUID, "ADFOPS_WRITER_CLIENT_SECRET": "s"},
            WriterIdentity(client_id=GUID, tenant=GUID, secret="s"),
        ),
        (
            {"ADFOPS_ARM_URL": "http://127.0.0.1:1"},
            WriterIdentity(client_id="writer", tenant=GUID),
        ),
    ],
    ids=["read only", "managed identity", "application", "simulator"],
)
def test_the_identity_that_acts_is_its_own(
    given: dict[str, str], writer: WriterIdentity | None
) -> None:
    setup = setup_of(read_settings(_env_file=None, **{**READY, **given}))
    assert setup.writer == writer


def test_declared_factories_are_read(tmp_path: Path) -> None:
    file = tmp_path / "factories.json"
    pipeline = {"critical": True, "owner": "priya", "usual_minutes": 24, "downstream": ["B"]}
    one = {"subscription": "s", "resource_group": "rg", "name": "adf", "pipelines": {"A": pipeline}}
    file.write_text(json.dumps({"default": "prod", "factories": {"prod": one}}), encoding="utf-8")
    read = read_file(file)
    (factory,) = read.factories
    assert read.default == factory.alias == "prod"
    assert factory.notes_for("A").usual == timedelta(minutes=24)
    assert factory.notes_for("other").critical is False


WHERE = {"subscription": "s", "resource_group": "r", "name": "n"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "valid"),
        ({"default": "a", "factories": {}}, "factories"),
        ({"default": "a", "factories": {"b": {"subscription": "s"}}}, "resource_group"),
        ({"default": "a", "factories": {"b": WHERE}}, "default a"),
        (
            {"default": "a", "factories": {"a": {**WHERE, "pipelines": {"A": {"critcal": 1}}}}},
            "critcal",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(content: object, said: str, tmp_path: Path) -> None:
    file = tmp_path / "factories.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongFile, match=said):
        read_file(file)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "factories.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(WrongFile, match="not JSON"):
        read_file(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="cannot read"):
        read_file(tmp_path / "nowhere.json")
