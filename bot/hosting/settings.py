"""The only reader of the environment: read once, checked, and refused by name when wrong."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.tickets.setup import IN_PROJECTS, TicketKind, TicketUpdates

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LABEL = r"^[A-Za-z](?:_?[A-Za-z0-9-]){0,31}$"
# Without Unicode's letters, which take megabytes once they are repeated.
_NAME = r"^[A-Za-z0-9_.-]{1,80}$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
# Where each id is found; what no field says is found the same way.
_ANY_ID = "copy the id as Azure shows it"
_WHERE_FROM = {
    "MicrosoftAppId": "copy the Application (client) ID of the bot's app registration in Entra",
    "MicrosoftAppTenantId": "copy the Directory (tenant) ID of the bot's app registration in Entra",
    "AZURE_SUBSCRIPTION_ID": "copy it from `az account show --query id -o tsv`",
    "MicrosoftAppFederatedIdentity": "copy the Client ID of the identity the registration trusts",
    "ADFOPS_WRITER_CLIENT_ID": "copy the Client ID of the managed identity that acts",
    "ADFOPS_MCP_PERSON": "copy the Object ID of the person in Entra",
}


class WrongSetting(Exception):
    """A setting that stops the start: its name, what is wrong, how to fix it, in one line.

    `problems` are the same, each by itself, as `NAME: what is wrong`.
    """

    def __init__(self, text: str, problems: tuple[str, ...] = ()) -> None:
        """Keep the problems beside the line."""
        super().__init__(text)
        self.problems = problems or (text,)


class Settings(BaseSettings):
    """Every setting under the name users know; .env.example explains each of them."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    app_id: str | None = Field(None, alias="MicrosoftAppId", pattern=_GUID)
    app_password: SecretStr | None = Field(None, alias="MicrosoftAppPassword")
    app_certificate: Path | None = Field(None, alias="MicrosoftAppCertificate")
    app_federated: str | None = Field(None, alias="MicrosoftAppFederatedIdentity", pattern=_GUID)
    app_token_file: Path | None = Field(None, alias="MicrosoftAppFederatedTokenFile")
    app_type: Literal["SingleTenant", "UserAssignedMSI"] = Field(
        "SingleTenant", alias="MicrosoftAppType"
    )
    app_tenant: str | None = Field(None, alias="MicrosoftAppTenantId", pattern=_GUID)

    subscription: str | None = Field(None, alias="AZURE_SUBSCRIPTION_ID", pattern=_GUID)
    resource_group: str | None = Field(None, alias="AZURE_RESOURCE_GROUP")
    factory_name: str | None = Field(None, alias="AZURE_DATA_FACTORY_NAME")

    factories_file: Path | None = Field(None, alias="ADFOPS_FACTORIES")
    arm_url: str = Field("https://management.azure.com", alias="ADFOPS_ARM_URL")
    graph_url: str = Field("https://graph.microsoft.com", alias="ADFOPS_GRAPH_URL")
    writer_client_id: str | None = Field(None, alias="ADFOPS_WRITER_CLIENT_ID", pattern=_GUID)
    sign_in: str | None = Field(None, alias="ADFOPS_SIGN_IN_CONNECTION", pattern=_NAME)
    writer_secret: SecretStr | None = Field(None, alias="ADFOPS_WRITER_CLIENT_SECRET")
    alert_secret: SecretStr | None = Field(None, alias="ADFOPS_ALERT_SECRET", min_length=32)
    alert_callers: Annotated[tuple[str, ...], NoDecode] = Field((), alias="ADFOPS_ALERT_CALLERS")
    read_only: bool = Field(False, alias="ADFOPS_READ_ONLY")
    tenants: Annotated[tuple[str, ...], NoDecode] = Field((), alias="ADFOPS_TENANTS")
    operators: Annotated[tuple[str, ...], NoDecode] = Field((), alias="ADFOPS_OPERATORS")
    poll_seconds: float = Field(30.0, alias="ADFOPS_POLL_SECONDS", ge=1, le=3600)
    store: str = Field("sqlite:///adfops.db", alias="ADFOPS_STORE")
    audit_days: int = Field(400, alias="ADFOPS_AUDIT_DAYS", ge=1, le=3660)
    mcp_person: str | None = Field(None, alias="ADFOPS_MCP_PERSON", pattern=_GUID)
    mcp_hosts: Annotated[tuple[str, ...], NoDecode] = Field((), alias="ADFOPS_MCP_HOSTS")
    agent: Literal["foundry", "azure_openai", "offline"] | None = Field(None, alias="ADFOPS_AGENT")
    project_endpoint: str | None = Field(None, alias="PROJECT_ENDPOINT")
    model_endpoint: str | None = Field(None, alias="MODEL_ENDPOINT")
    model_key: SecretStr | None = Field(None, alias="MODEL_API_KEY")
    deployment: str = Field("gpt-4o-mini", alias="MODEL_DEPLOYMENT_NAME", min_length=1)
    openai_endpoint: str | None = Field(None, alias="AZURE_OPENAI_ENDPOINT")
    openai_key: SecretStr | None = Field(None, alias="AZURE_OPENAI_KEY")
    model_state: Literal["kept", "stateless"] = Field("kept", alias="ADFOPS_MODEL_STATE")
    mcp_url: str | None = Field(None, alias="MCP_SERVER_URL")
    mcp_label: str = Field("MicrosoftLearn", alias="MCP_SERVER_LABEL", pattern=_LABEL)
    mcp_caller: Literal["model", "bot"] = Field("model", alias="ADFOPS_MCP_CALLER")
    servers_file: Path | None = Field(None, alias="ADFOPS_MCP_SERVERS")
    prose: Literal["failures", "always", "off"] = Field("failures", alias="ADFOPS_PROSE")
    error_text: bool = Field(True, alias="ADFOPS_MODEL_SEES_ERRORS")
    tokens_per_day: int | None = Field(None, alias="ADFOPS_TOKENS_PER_DAY", gt=0)
    otlp_endpoint: str | None = Field(None, alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    insights: SecretStr | None = Field(None, alias="APPLICATIONINSIGHTS_CONNECTION_STRING")
    prices_file: Path | None = Field(None, alias="ADFOPS_PRICES")
    tickets: TicketKind | None = Field(None, alias="ADFOPS_TICKETS")
    tickets_url: str | None = Field(None, alias="ADFOPS_TICKETS_URL")
    tickets_user: str | None = Field(None, alias="ADFOPS_TICKETS_USER")
    tickets_secret: SecretStr | None = Field(None, alias="ADFOPS_TICKETS_SECRET")
    tickets_project: str | None = Field(None, alias="ADFOPS_TICKETS_PROJECT")
    tickets_type: str | None = Field(None, alias="ADFOPS_TICKETS_TYPE")
    ticket_updates: TicketUpdates = Field(TicketUpdates.COMMENT, alias="ADFOPS_TICKETS_UPDATES")
    local: bool = Field(False, alias="ADFOPS_LOCAL")
    host: str | None = Field(None, alias="ADFOPS_HOST")
    port: int = Field(3978, alias="ADFOPS_PORT", ge=0, le=65535)
    zone: str = Field("UTC", alias="ADFOPS_ZONE")
    bot_name: str = Field("ADF Ops", alias="ADFOPS_BOT_NAME", min_length=1, max_length=30)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="ADFOPS_LOG")
    log_format: Literal["text", "json"] = Field("text", alias="ADFOPS_LOG_FORMAT")

    @field_validator("tenants", "operators", "mcp_hosts", "alert_callers", mode="before")
    @classmethod
    def _part(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("operators")
    @classmethod
    def _object_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = next((one for one in value if not re.fullmatch(_GUID, one)), None)
        if wrong is not None:
            raise ValueError(f"{wrong[:40]} is not the object id of a person in Entra, a GUID")
        return tuple(one.lower() for one in value)

    @field_validator("alert_callers")
    @classmethod
    def _app_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = next((one for one in value if not re.fullmatch(_GUID, one)), None)
        if wrong is not None:
            raise ValueError(f"{wrong[:40]} is not the application (client) id of an app, a GUID")
        return tuple(one.lower() for one in value)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not an IANA time zone, such as Europe/Berlin") from None
        return value

    @field_validator("otlp_endpoint")
    @classmethod
    def _any_url(cls, value: str | None) -> str | None:
        if value is None or urlsplit(value).scheme in {"http", "https"}:
            return value
        raise ValueError("an address that begins with http:// or https://")

    @field_validator(
        *("arm_url", "project_endpoint", "model_endpoint", "openai_endpoint", "mcp_url"),
        *("tickets_url", "graph_url"),
    )
    @classmethod
    def _safe_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is None:
            return None
        if parts.scheme == "https" and parts.hostname:
            return value
        if parts.scheme == "http" and parts.hostname in _LOOPBACK:
            return value
        raise ValueError("use https, or http on this machine only")

    @model_validator(mode="after")
    def _local_stays_local(self) -> "Settings":
        if self.local and self.bind not in _LOOPBACK:
            raise ValueError(
                "ADFOPS_LOCAL=1 takes anonymous messages: ADFOPS_HOST must be 127.0.0.1"
            )
        return self

    @model_validator(mode="after")
    def _agent_is_reachable(self) -> "Settings":
        if self.agent == "foundry" and not self.project_endpoint:
            raise ValueError("ADFOPS_AGENT=foundry needs PROJECT_ENDPOINT")
        if self.agent == "azure_openai" and not (self.openai_endpoint or self.model_endpoint):
            raise ValueError(
                "ADFOPS_AGENT=azure_openai needs AZURE_OPENAI_ENDPOINT or MODEL_ENDPOINT"
            )
        return self

    @model_validator(mode="after")
    def _writer_is_whole(self) -> "Settings":
        if self.writer_secret and not (self.writer_client_id and self.app_tenant):
            raise ValueError(
                "ADFOPS_WRITER_CLIENT_SECRET needs ADFOPS_WRITER_CLIENT_ID and MicrosoftAppTenantId"
            )
        return self

    @model_validator(mode="after")
    def _tickets_are_whole(self) -> "Settings":
        if self.tickets in {None, TicketKind.DEMO}:
            return self
        given = {
            "ADFOPS_TICKETS_URL": self.tickets_url,
            "ADFOPS_TICKETS_SECRET": self.tickets_secret,
            "ADFOPS_TICKETS_PROJECT": self.tickets_project or self.tickets not in IN_PROJECTS,
        }
        missing = next((name for name, value in given.items() if not value), None)
        if missing:
            raise ValueError(f"ADFOPS_TICKETS={self.tickets} needs {missing}")
        return self

    @property
    def best_agent(self) -> str:
        """Who answers free text: the one that was named, else the best that is configured."""
        if self.agent:
            return self.agent
        if self.project_endpoint:
            return "foundry"
        return "azure_openai" if self.openai_endpoint or self.model_endpoint else "offline"

    @property
    def bind(self) -> str:
        """The address to listen on: this machine only when local, else every interface."""
        return self.host or ("127.0.0.1" if self.local else "0.0.0.0")  # noqa: S104 - a container's ingress needs it


def read_settings(**given: object) -> Settings:
    """Read the environment and .env (`given` wins over both); WrongSetting says what to fix."""
    try:
        return Settings(**given)  # pyright: ignore[reportArgumentType]
    except ValidationError as error:
        problems = tuple(_one_line(one) for one in error.errors())
        raise WrongSetting("; ".join(problems), problems) from None


def read_what_is_right(**given: object) -> tuple[Settings, tuple[str, ...]]:
    """The settings with each refused one at its default, and what is wrong with those."""
    problems: tuple[str, ...] = ()
    defaults = {str(field.alias): field.default for field in Settings.model_fields.values()}
    together = {"ADFOPS_LOCAL": False, "ADFOPS_HOST": None}
    while True:
        try:
            return read_settings(**given), problems
        except WrongSetting as error:
            problems += error.problems
            names = {one.partition(":")[0].partition(".")[0] for one in error.problems}
            given |= {name: defaults[name] for name in names & defaults.keys()} or together


def check_ready_to_serve(settings: Settings) -> None:
    """Refuse to serve without what a real service needs; WrongSetting names each missing one."""
    identity = {
        "MicrosoftAppId": settings.local or settings.app_id,
        "MicrosoftAppTenantId": settings.local or settings.app_tenant,
        "MicrosoftAppPassword": settings.local
        or settings.app_type != "SingleTenant"
        or settings.app_password
        or settings.app_certificate
        or settings.app_federated
        or settings.app_token_file,
    }
    _check({**identity, **_where(settings)})


def check_names_a_factory(settings: Settings) -> None:
    """Refuse to answer without a factory to ask about; WrongSetting names what is missing."""
    _check(_where(settings))


def _where(settings: Settings) -> dict[str, object]:
    if settings.factories_file is not None:
        return {}
    return {
        "AZURE_SUBSCRIPTION_ID": settings.subscription,
        "AZURE_RESOURCE_GROUP": settings.resource_group,
        "AZURE_DATA_FACTORY_NAME": settings.factory_name,
    }


def _check(needed: dict[str, object]) -> None:
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise WrongSetting(
            f"not set: {', '.join(missing)}; set them as .env.example shows, "
            "or try `python app.py demo`, which needs none",
            tuple(f"{name}: not set" for name in missing),
        )


def _one_line(error: ErrorDetails) -> str:
    place = ".".join(str(step) for step in error["loc"]) or "settings"
    if error["type"] == "string_pattern_mismatch" and error.get("ctx", {}).get("pattern") == _GUID:
        return f"{place}: not a GUID; {_WHERE_FROM.get(place, _ANY_ID)}"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"


def process_environment() -> dict[str, str]:
    """The environment as it is, for a program that we start."""
    return dict(os.environ)
