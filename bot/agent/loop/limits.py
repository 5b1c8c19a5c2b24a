"""How far one turn of a language model may go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Steps, tool calls, tokens and seconds of one turn; what stops it is told in the answer.

    A lookup has `tool_seconds`, of which `at_once` run at the same time. The turn before in the
    same conversation is waited for `wait_seconds`, for models often think half of that. It is begun
    anew after `turns` turns or when its input is longer than `long` tokens.
    """

    steps: int = 8
    calls: int = 24
    seconds: float = 120.0
    tokens: int = 120_000
    tool_seconds: float = 20.0
    wait_seconds: float = 60.0
    at_once: int = 4
    turns: int = 30
    long: int = 60_000
