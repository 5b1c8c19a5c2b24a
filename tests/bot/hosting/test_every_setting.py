"""Every setting that users are told of changes something, and what it changes is used."""

import ast
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from adf.client.identity import WriterIdentity
from bot.agents.mcp import McpServer
from bot.hosting import Collector, ModelSetup, Setup
from bot.hosting.configure import collector_of, mcp_setup_of, setup_of
from bot.hosting.process import OURS, use_logging
from bot.hosting.settings import Settings, WrongSetting, check_ready_to_serve, read_settings
from bot.mcp_server import McpSetup
from bot.teams import TeamsIdentity
from bot.tickets.setup import TicketSetup
from tests.doubles.certificate import make_app_certificate

ROOT = Path(__file__).parents[3]
GUID = "22222222-2222-2222-2222-222222222222"
OTHER = "33333333-3333-3333-3333-333333333333"
BASE: Mapping[str, Any] = {
    "MicrosoftAppId": GUID,
    "MicrosoftAppPassword": "planted",
    "MicrosoftAppTenantId": GUID,
    "AZURE_SUBSCRIPTION_ID": "10000000-0000-4000-8000-000000000000",
    "AZURE_RESOURCE_GROUP": "rg",
    "AZURE_DATA_FACTORY_NAME": "adf",
}
FOUNDRY = {"PROJECT_ENDPOINT": "https://a.services.ai.azure.com/api/projects/p"}
OPENAI = {"AZURE_OPENAI_ENDPOINT": "https://a.openai.azure.com"}
OWN_MODEL = {"MODEL_ENDPOINT": "https://models.contoso.com"}
TICKETS = {
    "ADFOPS_TICKETS": "jira",
    "ADFOPS_TICKETS_URL": "https://contoso.atlassian.net",
    "ADFOPS_TICKETS_USER": "a@contoso.com",
    "ADFOPS_TICKETS_SECRET": "planted",
    "ADFOPS_TICKETS_PROJECT": "OPS",
}
DOCS = {"MCP_SERVER_URL": "https://learn.microsoft.com/api/mcp"}
FACTORIES = (
    '{"default": "x", '
    '"factories": {"x": {"subscription": "s", "resource_group": "g", "name": "x"}}}'
)
SERVERS = '{"runbooks": {"url": "https://runbooks.contoso.com/mcp", "reads": ["search"]}}'
CERTIFICATE = make_app_certificate()[0].decode()
# Each is set in the place of the secret.
WITHOUT_SECRET = {
    "MicrosoftAppCertificate",
    "MicrosoftAppFederatedIdentity",
    "MicrosoftAppFederatedTokenFile",
}
PRICES = '{"gpt-4o-mini": {"input": 1, "cached": 1, "output": 2, "currency": "USD"}}'

# The setting, what it needs beside it, and another value; a text in braces or PEM is a file.
CHANGES: Mapping[str, tuple[Mapping[str, Any], Any]] = {
    "MicrosoftAppId": ({}, OTHER),
    "MicrosoftAppPassword": ({}, "another"),
    "MicrosoftAppCertificate": ({}, CERTIFICATE),
    "MicrosoftAppFederatedIdentity": ({}, OTHER),
    "MicrosoftAppFederatedTokenFile": ({}, "{a token}"),
    "MicrosoftAppType": ({}, "UserAssignedMSI"),
    "MicrosoftAppTenantId": ({}, OTHER),
    "AZURE_SUBSCRIPTION_ID": ({}, "20000000-0000-4000-8000-000000000000"),
    "AZURE_RESOURCE_GROUP": ({}, "other"),
    "AZURE_DATA_FACTORY_NAME": ({}, "other"),
    "ADFOPS_FACTORIES": ({}, FACTORIES),
    "ADFOPS_ARM_URL": ({}, "https://management.usgovcloudapi.net"),
    "ADFOPS_GRAPH_URL": ({}, "https://graph.microsoft.us"),
    "ADFOPS_WRITER_CLIENT_ID": ({}, OTHER),
    "ADFOPS_SIGN_IN_CONNECTION": ({}, "azure"),
    "ADFOPS_WRITER_CLIENT_SECRET": ({"ADFOPS_WRITER_CLIENT_ID": OTHER}, "planted"),
    "ADFOPS_AGENT": (FOUNDRY, "offline"),
    "PROJECT_ENDPOINT": ({}, FOUNDRY["PROJECT_ENDPOINT"]),
    "MODEL_DEPLOYMENT_NAME": (FOUNDRY, "gpt-5"),
    "AZURE_OPENAI_ENDPOINT": ({}, OPENAI["AZURE_OPENAI_ENDPOINT"]),
    "AZURE_OPENAI_KEY": (OPENAI, "planted"),
    "MODEL_ENDPOINT": ({}, OWN_MODEL["MODEL_ENDPOINT"]),
    "MODEL_API_KEY": (OWN_MODEL, "planted"),
    "ADFOPS_MODEL_STATE": (OWN_MODEL, "stateless"),
    "MCP_SERVER_URL": ({}, DOCS["MCP_SERVER_URL"]),
    "MCP_SERVER_LABEL": (DOCS, "Docs"),
    "ADFOPS_MCP_CALLER": (DOCS, "bot"),
    "ADFOPS_MCP_SERVERS": ({}, SERVERS),
    "ADFOPS_PROSE": (FOUNDRY, "always"),
    "ADFOPS_MODEL_SEES_ERRORS": (FOUNDRY, "0"),
    "ADFOPS_TOKENS_PER_DAY": (FOUNDRY, "1000"),
    "ADFOPS_PRICES": (FOUNDRY, PRICES),
    "ADFOPS_TICKETS": ({**TICKETS, "ADFOPS_TICKETS_TYPE": "x"}, "servicenow"),
    "ADFOPS_TICKETS_URL": (TICKETS, "https://other.atlassian.net"),
    "ADFOPS_TICKETS_USER": (TICKETS, "b@contoso.com"),
    "ADFOPS_TICKETS_SECRET": (TICKETS, "other"),
    "ADFOPS_TICKETS_PROJECT": (TICKETS, "DATA"),
    "ADFOPS_TICKETS_TYPE": (TICKETS, "Bug"),
    "ADFOPS_TICKETS_UPDATES": (TICKETS, "close"),
    "ADFOPS_ALERT_SECRET": ({}, "planted-secret-of-32-characters-or-more"),
    "ADFOPS_ALERT_CALLERS": ({}, OTHER),
    "ADFOPS_READ_ONLY": ({"ADFOPS_WRITER_CLIENT_ID": OTHER}, "1"),
    "ADFOPS_AUDIT_DAYS": ({}, "30"),
    "ADFOPS_TENANTS": ({}, OTHER),
    "ADFOPS_OPERATORS": ({}, OTHER),
    "ADFOPS_POLL_SECONDS": ({}, "60"),
    "ADFOPS_STORE": ({}, "memory:"),
    "ADFOPS_LOCAL": ({"ADFOPS_HOST": "127.0.0.1"}, "1"),
    "ADFOPS_HOST": ({}, "127.0.0.1"),
    "ADFOPS_PORT": ({}, "4000"),
    "ADFOPS_ZONE": ({}, "Europe/Berlin"),
    "ADFOPS_BOT_NAME": ({}, "Night watch"),
    "ADFOPS_LOG": ({}, "ERROR"),
    "ADFOPS_LOG_FORMAT": ({}, "json"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ({}, "http://collector:4318"),
    "APPLICATIONINSIGHTS_CONNECTION_STRING": ({}, "InstrumentationKey=planted"),
    "ADFOPS_MCP_PERSON": ({}, OTHER),
    "ADFOPS_MCP_HOSTS": ({}, "adf-ops.contoso.com"),
}


def documented() -> Iterator[str]:
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"(\w+)=", line):
            yield found[1]


def seen(settings: Settings) -> tuple[object, ...]:
    """What the product is put together from: the two servers, telemetry, the log, the socket."""
    use_logging(settings.log_level, "text")
    return (
        setup_of(settings),
        mcp_setup_of(settings),
        collector_of(settings),
        logging.getLogger(OURS).level,
        settings.log_format,
        (settings.bind, settings.port),
        (settings.mcp_person, settings.mcp_hosts),
    )


def test_each_setting_of_the_example_is_tried_here() -> None:
    assert set(CHANGES) == set(documented())


@pytest.mark.parametrize("name", CHANGES)
def test_each_setting_has_an_effect(name: str, tmp_path: Path) -> None:
    beside, value = CHANGES[name]
    if str(value).startswith(("{", "-----")):
        file = tmp_path / "file.json"
        file.write_text(value, encoding="utf-8")
        value = file
    before, level = {**BASE, **beside}, logging.getLogger(OURS).level
    plain = {key: one for key, one in before.items() if key != name or name in BASE or beside}
    try:
        first = seen(read_settings(_env_file=None, **plain))
        after = {**before, name: value}
        if name in WITHOUT_SECRET:
            after |= {"MicrosoftAppPassword": None}
        assert seen(read_settings(_env_file=None, **after)) != first
    finally:
        logging.getLogger(OURS).setLevel(level)


def test_what_serving_needs_is_asked_for() -> None:
    for name in BASE:
        without = {key: value for key, value in BASE.items() if key != name}
        with pytest.raises(WrongSetting, match=name):
            check_ready_to_serve(read_settings(_env_file=None, **without))


@pytest.mark.parametrize("name", sorted(WITHOUT_SECRET))
def test_no_secret_is_asked_for_where_something_else_proves_who_the_bot_is(name: str) -> None:
    without = {**BASE, "MicrosoftAppPassword": None, name: CHANGES[name][1][:40]}
    check_ready_to_serve(read_settings(_env_file=None, **without))


MADE = (
    *(Setup, McpSetup, ModelSetup, Collector, TicketSetup, TeamsIdentity, McpServer),
    WriterIdentity,
)


@pytest.fixture(scope="module")
def attributes() -> frozenset[str]:
    """Every attribute that some line of the product reads, but where settings are read."""
    found: set[str] = set()
    for file in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("adf/client/*.py"), ROOT / "app.py"]:
        if file.name in {"configure.py", "settings.py"}:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    return frozenset(found)


@pytest.mark.parametrize("made", MADE, ids=lambda one: one.__name__)
def test_what_the_settings_make_is_read_where_the_work_is_done(
    made: type[Any], attributes: frozenset[str]
) -> None:
    assert {field.name for field in fields(made)} - attributes == set()
