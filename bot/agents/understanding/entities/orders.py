"""Whether a text is an order ("rerun stock") and not a question ("did the rerun work")."""

from collections.abc import Sequence

from bot.agents.understanding.lexicon import ORDERS, Sign
from bot.agents.understanding.tokens import is_pause

_POLITE = frozenset(ORDERS["polite"].split())
_ASKED = frozenset(ORDERS["asked"].split())
_NAMED_BY = frozenset(ORDERS["named_by"].split())
_OF_A_RUN = frozenset(ORDERS["of_a_run"].split())
_ASKING = frozenset({"can", "could", "would", "will", "kannst", "please", "pls"})
_YOU = (["you"], ["u"], ["du"], ["i"], ["we"])
_STARTS = frozenset({"and", "then", "so", "und"})
_CLOSED = frozenset({Sign.ASKS, Sign.WHEN, Sign.WHY, Sign.ERROR, Sign.NOT})
ENDING = frozenset(
    {"cancel", "kill", "abort", "stop", "terminate", "abbrechen", "stoppen", "stoppe"}
)


def order_in(tokens: Sequence[str], signs: Sequence[Sign | None]) -> str | None:
    """The verb of an order; None when nothing is ordered. `signs` are those of the tokens."""
    start = 0
    for place, sign in enumerate(signs):
        if tokens[place] in _STARTS or is_pause(tokens[place]):
            start = place + 1
        elif tokens[place] in _ASKING and tokens[place + 1 : place + 2] in _YOU:
            start = place
        if sign is Sign.ACT and _is_ordered(tokens, signs, start, place):
            return tokens[place]
        if sign is Sign.PERHAPS_ACT and _is_first(tokens, signs, start, place):
            return tokens[place]
    return None


def _is_ordered(
    tokens: Sequence[str], signs: Sequence[Sign | None], start: int, place: int
) -> bool:
    named = place > 0 and tokens[place - 1] in _NAMED_BY
    return not named and not _CLOSED.intersection(signs[start:place])


def _is_first(tokens: Sequence[str], signs: Sequence[Sign | None], start: int, place: int) -> bool:
    """An everyday verb is an order only at the beginning, and not before "me" or "history"."""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if after in {"me", "us", ""} or after in _OF_A_RUN:
        return False
    before = range(start, place)
    return all(
        tokens[one] in _POLITE or (signs[one] is Sign.FILLER and tokens[one] not in _ASKED)
        for one in before
    )
