"""What the answer of our reader is worth before that of Microsoft's evaluator."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from adf.simulator.gitfolder.expressions.evaluate import value_of
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown
from tests.contract.expressions.cases import Case

Answer = Mapping[str, Any]
Verdict = Literal["same", "unknown", "refused", "wrong", "quirk"]
RECORDED = Path(__file__).parents[2] / "data" / "expressions" / "recorded.jsonl"
NOW = datetime(2026, 5, 6, 7, tzinfo=UTC)
# Mono lacks what these need, so that the judge refuses the examples of its own documentation.
CANNOT_RUN = ("decodeUriComponent", "uriComponentToString", "dataUriToString")
# Floats are written with 15 digits by mono and with 17 by .NET.
_CLOSE = 1e-12


def verdict_on(case: Case, judged: Answer) -> Verdict:
    """Same, unknown to us, refused by both, or wrong; a quirk where the judge cannot tell."""
    if any(name in case["expr"] for name in CANNOT_RUN):
        return "quirk"
    try:
        found = value_of(case["expr"], _scope(case["state"]))
    except Unknown:
        return "refused" if judged["err"] else "unknown"
    if judged["err"]:
        return "wrong"
    return "same" if _is_same(found, judged["judge"]) else "wrong"


def _scope(seen: Mapping[str, Any]) -> ExpressionScope:
    return ExpressionScope(
        parameters=seen["params"],
        variables=dict(seen["vars"]),
        item=OPAQUE if seen["item"] is None else seen["item"],
        activities=seen["acts"],
        system={"globalParameters": seen["global"], **seen["sys"]},
        now=NOW,
    )


def _is_same(found: Any, judged: Any) -> bool:  # noqa: ANN401
    if isinstance(found, bool) or isinstance(judged, bool):
        return found is judged
    if isinstance(found, float) or isinstance(judged, float):
        return isinstance(judged, int | float) and abs(found - judged) < _CLOSE
    return found == judged
