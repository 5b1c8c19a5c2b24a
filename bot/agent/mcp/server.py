"""Where an MCP server is, what it is called, and how far its tools may be called freely."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServer:
    """An MCP server: what it is called, where it is, and its tools that need nobody's yes.

    With `by_bot` the bot calls it; else the model's service does, which must reach it.
    """

    label: str
    url: str
    reads: tuple[str, ...] = ()
    by_bot: bool = False
