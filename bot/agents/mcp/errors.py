"""What can go wrong with a remote MCP server, and who can fix it."""

from enum import StrEnum

from bot.agents.remediation import HOST, ClassifiedError, Remediation


class McpFailureKind(StrEnum):
    """Why a server gave no answer."""

    UNREACHABLE = "it cannot be reached"
    SILENT = "it gave no answer in time"
    REFUSED = "it does not let the bot in"
    BUSY = "it has too much to do"
    BROKEN = "it failed"
    NONSENSE = "its answer is not that of an MCP server"
    NO_TOOL = "it has no such tool"


_ROUTE = (
    "Check MCP_SERVER_URL (or ADFOPS_MCP_SERVERS), and the bot's outbound network: DNS, firewall,"
    " proxy."
)
_AGAIN = "Ask again in a minute."
_FIXES = {
    McpFailureKind.UNREACHABLE: (_ROUTE, HOST),
    McpFailureKind.SILENT: (_AGAIN, "the operator of that server; there is nothing to do here"),
    McpFailureKind.REFUSED: (
        "Check what the server requires of its callers: it refused the bot.",
        HOST,
    ),
    McpFailureKind.BUSY: (_AGAIN, "the operator of that server; there is nothing to do here"),
    McpFailureKind.BROKEN: (_AGAIN, "the operator of that server; there is nothing to do here"),
    McpFailureKind.NONSENSE: (
        "Check MCP_SERVER_URL, and whether a proxy answers in its place.",
        HOST,
    ),
    McpFailureKind.NO_TOOL: ("Check MCP_SERVER_URL: it is another server, or a newer one.", HOST),
}


class McpError(ClassifiedError):
    """A remote MCP server could not be asked, and why; the advice names who can fix it."""

    def __init__(
        self, why: McpFailureKind, label: str, *, asked: str = "", detail: str = ""
    ) -> None:
        """Keep why; `detail` are the server's own words, made plain before."""
        fix, who = _FIXES[why]
        happened = f"The server {label} didn't answer: {detail or why}."
        advice = Remediation(area="remote", happened=happened, fix=fix, who=who)
        super().__init__(detail or str(why), advice, asked=asked or label)
        self.why = why
