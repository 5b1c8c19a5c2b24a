"""The expression reader answers as Microsoft's own evaluator does, or says it does not know."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adf.simulator.gitfolder.expressions.evaluate import value_of
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown
from tests.contract.expressions.cases import every_case
from tests.contract.expressions.verdicts import RECORDED, verdict_on

DATA = Path(__file__).parents[2] / "data" / "expressions" / "cases.json"
CASES: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
# The evaluator's own quirks where it ran: the documentation of the language says otherwise.
QUIRKS = {"@@escaped", "@{1}", "a@@b"}
NOW = datetime(2026, 5, 6, 7, tzinfo=UTC)
UNKNOWN = "unknown"


def answer(case: dict[str, Any]) -> Any:  # noqa: ANN401
    """What our reader says of a case."""
    state = case["state"]
    scope = ExpressionScope(
        parameters=state["params"],
        variables=dict(state["vars"]),
        item=OPAQUE if state["item"] is None else state["item"],
        activities=state["acts"],
        system={"globalParameters": state["global"], **state["sys"]},
        now=NOW,
    )
    return known_value(case["expr"], scope)


def known_value(expression: str, scope: ExpressionScope | None = None) -> Any:  # noqa: ANN401
    """The value of an expression, or that it is unknown."""
    try:
        return value_of(expression, scope or ExpressionScope(now=NOW))
    except Unknown:
        return UNKNOWN


def right(case: dict[str, Any]) -> Any:  # noqa: ANN401
    """The right answer: as documented, else the evaluator's; what it refuses has no value."""
    if case["doc"] is not None:
        return case["doc"]
    return UNKNOWN if case["err"] else case["judge"]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["expr"] not in QUIRKS],
    ids=lambda case: str(case["expr"])[:60],
)
def test_an_answer_is_the_judges_or_unknown(case: dict[str, Any]) -> None:
    found = answer(case)
    assert found in (UNKNOWN, right(case))
    if found != UNKNOWN:
        assert isinstance(found, bool) == isinstance(right(case), bool)


def test_few_of_what_the_judge_answers_are_unknown() -> None:
    answered = [case for case in CASES if right(case) != UNKNOWN and case["expr"] not in QUIRKS]
    unknown = [case["expr"] for case in answered if answer(case) == UNKNOWN]
    assert len(unknown) <= 0.1 * len(answered), unknown


ASKED = every_case()
JUDGED = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]


def test_each_expression_of_the_contract_has_a_recorded_answer() -> None:
    assert [one["expr"] for one in JUDGED] == [one["expr"] for one in ASKED]
    assert len(ASKED) >= 400


def test_none_is_wrong_before_the_evaluator_and_few_are_unknown() -> None:
    verdicts = [verdict_on(case, one) for case, one in zip(ASKED, JUDGED, strict=True)]
    wrong = [case["expr"] for case, one in zip(ASKED, verdicts, strict=True) if one == "wrong"]
    assert wrong == []
    answered = verdicts.count("same") + verdicts.count("unknown")
    assert verdicts.count("unknown") <= 0.1 * answered


@pytest.mark.parametrize(
    "expression",
    [
        "@formatDateTime('2018-03-15T12:00:00Z', 'D')",
        "@formatDateTime('2018-03-15T12:00:00Z', '')",
        "@if('true', 1, 2)",
        "@add(9223372036854775807, 1)",
        "@formatDateTime('2018-03-15T12:00:00Z', 'yyyy-qq')",
        "@formatDateTime('2018-03-15T12:00:00+02:00', 'HH')",
        "@formatDateTime('2018-03-15T12:00:00.1234567Z')",
        "@formatDateTime('20180315', 'yyyy')",
        "@formatDateTime('03/04/2018', 'MM')",
        "@addDays('2018-03-15T12:00:00Z', 1.5)",
        "@addDays('2018-03-15T12:00:00Z', 9999999)",
        "@addToTime('2018-03-15T12:00:00Z', 1, 'Fortnight')",
        "@add('1', 2)",
        "@add(1, true)",
        "@bool('1')",
        "@int('1_000')",
        "@int('12.7')",
        "@float('nan')",
        "@substring('abc', -1, 2)",
        "@replace('abc', '', 'x')",
        "@greater('a', 'B')",
        "@if(1, 'a', 'b')",
        "@concat('a' 'b')",
        "@concat('a',)",
        "@createArray(1)[0)",
        "@range(0, 2000000000)",
        "@string(2.0)",
        "@first(createArray(1, 2), 3) and more",
    ],
)
def test_what_is_not_certain_is_unknown(expression: str) -> None:
    assert known_value(expression) == UNKNOWN


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("@formatDateTime('2018-03-15T00:05:09Z', 'h:m:s tt')", "12:5:9 AM"),
        ("@formatDateTime('2018-03-15T12:00:00Z', '''on'' ddd')", "on Thu"),
        ("@formatDateTime('2018-03-15T12:00:00')", "2018-03-15T12:00:00.0000000"),
        ("@utcnow()", "2026-05-06T07:00:00.0000000Z"),
        ("@utcnow('yyyy/MM/dd')", "2026/05/06"),
        ("@startOfMonth('2018-03-15T12:30:00Z', 'yyyy-MM-dd')", "2018-03-01"),
        ("@addToTime('2020-02-29T00:00:00Z', -1, 'Year', 'yyyy-MM-dd')", "2019-02-28"),
        ("@div(-7, 2)", -3),
        ("@mod(-7, 2)", -1),
        ("@mod(7, -2)", 1),
        ("@min(3, 1, 2)", 1),
        ("@decodeUriComponent('a%20b')", "a b"),
    ],
)
def test_what_is_certain_is_told(expression: str, expected: object) -> None:
    assert known_value(expression) == expected
