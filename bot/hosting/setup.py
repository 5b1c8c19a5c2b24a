"""What the bot is put together from: values that were read and checked, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adf.client.identity import WriterIdentity
from adf.records import Factory
from adf.tool import ToolCall
from bot.access.directory import DirectorySetup
from bot.access.policy import TenantAccess
from bot.agents.explainer import ProseMode
from bot.agents.mcp import McpServer
from bot.alerts.escalation import EscalationPolicy
from bot.state.rooms import Binding
from bot.state.summaries import DeclaredSummary
from bot.state.usage import Price
from bot.teams import TeamsIdentity
from bot.tickets.setup import TicketSetup
from cards.card import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSetup:
    """The language model: which backend (foundry or azure_openai), where, and how far it may go.

    Without a `key` the bot signs in by Microsoft Entra; without `error_text` the model gets
    codes instead of the words of errors. With `is_stateless` the service keeps nothing.
    """

    backend: str
    endpoint: str
    deployment: str
    key: str | None = None
    prose: ProseMode = ProseMode.FAILURES
    error_text: bool = True
    is_stateless: bool = False
    tokens_per_day: int | None = None
    price: Price | None = None

    @property
    def called(self) -> str:
        """What the usage card calls it."""
        return f"{self.deployment}, off" if self.prose is ProseMode.OFF else self.deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSetup:
    """Who may push alerts beside Azure Monitor: apps by their ids, and who has the secret."""

    apps: tuple[str, ...] = ()
    secret: str | None = None


Clock = Callable[[], datetime]
Observe = Callable[[ToolCall | Card], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The settings of one bot; `rooms`, `summaries` and `boards` are by conversation.

    `docs` is the MCP server of the documentation, `servers` are the others. `writer` is who acts in
    Azure, none for a bot that only reads. `second_person` are the factories where a critical cancel
    is not approved by who asked for it, `mass_acts` those where that goes for what one person asks
    for after so many acts in ten minutes, `break_glass` those where they may, with a reason.
    `directory` gives roles to groups and to roles of Azure. `sign_in` is the connection that people
    sign in to Azure by, so that acts go by their own rights; blank where the writer acts.
    `tickets` is where tickets are opened, if anywhere. With `links_anyway` cards of a simulated
    factory link to Studio as those of a real one do.
    """

    identity: TeamsIdentity
    factories: tuple[Factory, ...]
    default: str
    everybody: TenantAccess
    directory: DirectorySetup = field(default_factory=DirectorySetup)
    rooms: Mapping[str, Binding] = field(default_factory=dict[str, Binding])
    escalations: Mapping[str, EscalationPolicy] = field(default_factory=dict[str, EscalationPolicy])
    summaries: Mapping[str, DeclaredSummary] = field(default_factory=dict[str, DeclaredSummary])
    boards: Mapping[str, str] = field(default_factory=dict[str, str])
    arm_url: str
    store: str
    zone: str
    bot_name: str
    poll_seconds: float
    writer: WriterIdentity | None = None
    sign_in: str = ""
    model: ModelSetup | None = None
    docs: McpServer | None = None
    servers: tuple[McpServer, ...] = ()
    audit_days: int = 400
    second_person: frozenset[str] = frozenset()
    tickets: TicketSetup | None = None
    pushes: PushSetup = PushSetup()
    links_anyway: bool = False
    mass_acts: Mapping[str, int] = field(default_factory=dict[str, int])
    break_glass: frozenset[str] = frozenset()

    @property
    def may_write(self) -> bool:
        """Whether anybody can act: the writer, or people by themselves."""
        return self.writer is not None or bool(self.sign_in)

    @property
    def every_server(self) -> tuple[McpServer, ...]:
        """The documentation and the others."""
        return ((self.docs,) if self.docs else ()) + self.servers

    @property
    def has_studio(self) -> bool:
        """Whether the factories are real ones, that Studio can show."""
        return self.arm_url.startswith("https://")
