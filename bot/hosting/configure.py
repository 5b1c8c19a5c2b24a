"""What the settings and the factories file say, as the parts of the product take it."""

import contextlib
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from adf.client.identity import WriterIdentity
from adf.records import Factory
from bot.access.directory import DirectorySetup
from bot.access.policy import TenantAccess
from bot.agents.explainer import ProseMode
from bot.agents.mcp import LEARN_DECLARED, LEARN_READS, McpServer
from bot.agents.model.endpoints import is_local
from bot.doctor import DoctorInput
from bot.hosting import Collector, ModelSetup, PushSetup, Setup, place_of
from bot.hosting.config_files import FactoriesFile, WrongFile, read_file, read_prices
from bot.hosting.servers_file import read_servers
from bot.hosting.settings import (
    Settings,
    WrongSetting,
    check_ready_to_serve,
    read_settings,
    read_what_is_right,
)
from bot.mcp_server import McpSetup
from bot.teams import TeamsIdentity, WrongIdentity
from bot.teams.sign_in import check_credential
from bot.tickets.setup import TicketKind, TicketSetup

DEMO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
DEMO_POLL_SECONDS = 3


def setup_of(settings: Settings) -> Setup:
    """What the bot is put together from, as the settings and the factories file have it."""
    declared = _read_factories(settings)
    return Setup(
        identity=identity_of(settings),
        factories=declared.factories,
        default=declared.default,
        everybody=_everybody(settings, declared),
        directory=DirectorySetup(roles=declared.directory, graph_url=settings.graph_url),
        rooms=declared.rooms,
        summaries=declared.summaries,
        boards=declared.boards,
        escalations=declared.escalations,
        arm_url=settings.arm_url,
        writer=writer_of(settings),
        sign_in=connection_of(settings),
        store=settings.store,
        zone=settings.zone,
        bot_name=settings.bot_name,
        poll_seconds=settings.poll_seconds,
        model=_model_of(settings),
        docs=_docs(settings),
        servers=_servers(settings),
        audit_days=settings.audit_days,
        second_person=declared.second_person,
        tickets=tickets_of(settings),
        pushes=_pushes(settings),
        mass_acts=declared.mass_acts,
        break_glass=declared.break_glass,
    )


def mcp_setup_of(settings: Settings) -> McpSetup:
    """What the MCP server is put together from; it needs no registration of a bot."""
    declared = _read_factories(settings)
    own = (settings.app_tenant,) if settings.app_tenant else ()
    return McpSetup(
        factories=declared.factories,
        default=declared.default,
        everybody=_everybody(settings, declared),
        tenants=settings.tenants or own,
        arm_url=settings.arm_url,
        store=settings.store,
        zone=settings.zone,
    )


def _everybody(settings: Settings, declared: FactoriesFile) -> TenantAccess:
    return TenantAccess(
        factories=tuple(one.alias for one in declared.factories),
        default=declared.default,
        people=declared.people,
        operators=settings.operators,
        local=settings.local,
    )


def _read_factories(settings: Settings) -> FactoriesFile:
    """The factories file; without one, the factory that the AZURE_* settings name."""
    if settings.factories_file:
        return read_file(settings.factories_file)
    name = settings.factory_name or ""
    one = Factory(
        alias=name,
        subscription=settings.subscription or "",
        resource_group=settings.resource_group or "",
        name=name,
    )
    return FactoriesFile(factories=(one,), default=name)


def _docs(settings: Settings) -> McpServer | None:
    """The documentation server, whose searches need no approval."""
    url = settings.mcp_url
    if not url:
        return None
    by_bot = settings.mcp_caller == "bot" or is_local(url)
    return McpServer(
        label=settings.mcp_label,
        url=url,
        reads=LEARN_READS,
        by_bot=by_bot,
        declares=LEARN_DECLARED,
    )


def _servers(settings: Settings) -> tuple[McpServer, ...]:
    """The MCP servers beside the documentation."""
    if settings.servers_file is None:
        return ()
    taken = (settings.mcp_label,) if settings.mcp_url else ()
    return read_servers(settings.servers_file, settings.mcp_caller, taken)


def _pushes(settings: Settings) -> PushSetup:
    secret = settings.alert_secret
    return PushSetup(
        apps=settings.alert_callers, secret=secret.get_secret_value() if secret else None
    )


def _model_of(settings: Settings) -> ModelSetup | None:
    """The language model of the settings; None where rules alone answer."""
    backend = settings.best_agent
    if backend == "offline":
        return None
    own = settings.openai_endpoint is not None
    key = settings.openai_key if own else settings.model_key
    endpoint = settings.openai_endpoint if own else settings.model_endpoint
    return ModelSetup(
        backend=backend,
        endpoint=(settings.project_endpoint if backend == "foundry" else endpoint) or "",
        deployment=settings.deployment,
        key=key.get_secret_value() if key and backend != "foundry" else None,
        prose=ProseMode(settings.prose),
        error_text=settings.error_text,
        is_stateless=settings.model_state == "stateless",
        tokens_per_day=settings.tokens_per_day,
        price=read_prices(settings.prices_file).get(settings.deployment)
        if settings.prices_file
        else None,
    )


def identity_of(settings: Settings) -> TeamsIdentity:
    """Who the bot is for Teams; raises WrongIdentity, also for a certificate that is none."""
    password = settings.app_password
    identity = TeamsIdentity(
        app_id=settings.app_id or "",
        app_password=password.get_secret_value() if password else "",
        certificate=settings.app_certificate,
        federated_identity=settings.app_federated or "",
        token_file=settings.app_token_file,
        app_type=settings.app_type,
        tenant_id=settings.app_tenant or "",
        tenants=settings.tenants,
        local=settings.local,
    )
    if not identity.local:
        check_credential(identity)
    return identity


def writer_of(settings: Settings) -> WriterIdentity | None:
    """The identity that acts, None where the bot only reads; a simulator knows one by name."""
    if settings.read_only:
        return None
    secret = settings.writer_secret
    local = settings.arm_url.startswith("http://")
    client_id = settings.writer_client_id or ("writer" if local else None)
    if client_id is None:
        return None
    return WriterIdentity(
        client_id=client_id,
        tenant=settings.app_tenant or "",
        secret=secret.get_secret_value() if secret else None,
    )


def connection_of(settings: Settings) -> str:
    """The connection that people sign in by to act for themselves; blank where nobody acts so."""
    return "" if settings.read_only else settings.sign_in or ""


def tickets_of(settings: Settings) -> TicketSetup | None:
    """The ticket system of the settings; None where no tickets are opened.

    Who tries the bot with the simulator has one that is in memory.
    """
    is_tried = settings.local and settings.arm_url.startswith("http://")
    kind = settings.tickets or (TicketKind.DEMO if is_tried else None)
    if kind is None:
        return None
    secret = settings.tickets_secret
    return TicketSetup(
        kind=kind,
        url=settings.tickets_url or "",
        secret=secret.get_secret_value() if secret else "",
        user=settings.tickets_user or "",
        project=settings.tickets_project or "",
        type=settings.tickets_type or "",
        updates=settings.ticket_updates,
    )


def collector_of(settings: Settings) -> Collector:
    """Where telemetry goes, if anywhere."""
    insights = settings.insights
    return Collector(
        otlp=settings.otlp_endpoint or "",
        insights=insights.get_secret_value() if insights else "",
    )


def installation() -> DoctorInput:
    """Everything that was set; what is refused is a problem here, not the end."""
    settings, refused = read_what_is_right()
    problems = list(refused)
    declared = FactoriesFile(factories=(), default="")
    identity = None
    with _collect_problems(problems):
        check_ready_to_serve(settings)
    with _collect_problems(problems):
        identity = identity_of(settings)
    with _collect_problems(problems):
        declared = _read_factories(settings)
    model: ModelSetup | None = None
    servers: tuple[McpServer, ...] = ()
    with _collect_problems(problems):
        model = _model_of(settings)
    with _collect_problems(problems):
        servers = _servers(settings)
    # The bot searches there itself, also where the model calls it too.
    docs = [replace(one, by_bot=True) for one in [_docs(settings)] if one]
    return DoctorInput(
        problems=tuple(problems),
        identity=identity,
        factories=declared.factories,
        is_file=settings.factories_file is not None,
        arm_url=settings.arm_url,
        directory=DirectorySetup(roles=declared.directory, graph_url=settings.graph_url),
        writer=writer_of(settings),
        acts_as_people=connection_of(settings),
        store=settings.store,
        bind=settings.bind,
        port=settings.port,
        zone=settings.zone,
        operators=settings.operators,
        model=place_of(model) if model else None,
        servers=(*docs, *servers),
        tickets=tickets_of(settings),
        declared=len(declared.people) + len(declared.rooms),
    )


@contextlib.contextmanager
def _collect_problems(problems: list[str]) -> Generator[None]:
    """Keep what is refused among the problems, each setting once, and go on."""
    try:
        yield
    except (WrongSetting, WrongIdentity, WrongFile) as error:
        refused = error.problems if isinstance(error, WrongSetting) else (str(error),)
        known = {one.split()[0].rstrip(":") for one in problems}
        problems += [one for one in refused if one.split()[0].rstrip(":") not in known]


def demo_settings(
    *, arm_url: str, group: str, factory: str, declared: Path | None = None
) -> Settings:
    """Settings that need nothing of the environment but ADFOPS_LOG and its like."""
    return read_settings(
        _env_file=None,
        MicrosoftAppId=None,
        MicrosoftAppTenantId=None,
        AZURE_SUBSCRIPTION_ID=DEMO_SUBSCRIPTION,
        AZURE_RESOURCE_GROUP=group,
        AZURE_DATA_FACTORY_NAME=factory,
        ADFOPS_FACTORIES=declared,
        ADFOPS_ARM_URL=arm_url,
        ADFOPS_TENANTS=(),
        ADFOPS_OPERATORS=(),
        ADFOPS_POLL_SECONDS=DEMO_POLL_SECONDS,
        ADFOPS_STORE="memory:",
        ADFOPS_LOCAL=True,
        ADFOPS_HOST=None,
    )
