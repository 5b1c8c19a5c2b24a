"""A Git folder is read as it is written, and what cannot be read is told in one line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adf.simulator import WrongErrors, WrongFolder, factory_from_folder, frozen_clock
from adf.simulator.gitfolder.execution.error_texts import ErrorWords, read_errors
from adf.simulator.gitfolder.expressions.evaluate import resolve, value_of
from adf.simulator.gitfolder.expressions.expression_scope import ExpressionScope
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown
from adf.simulator.gitfolder.folder import read_folder
from tests.adf.simulator.git_folders import (
    NOON,
    PROCFWK,
    SYNAPSE,
    all_runs,
    expression,
    pipeline,
    simulator_of,
    start_of,
    step,
    write_folder,
)


@pytest.mark.parametrize(
    ("path", "name", "pipelines"),
    [
        (SYNAPSE, "odw-synapse", 15),
        (PROCFWK, "procfwk", 9),
        (PROCFWK / "DataFactory", "DataFactory", 9),
    ],
)
def test_a_folder_is_found_at_its_top_or_one_level_below(
    path: Path, name: str, pipelines: int
) -> None:
    folder = read_folder(path)
    assert (folder.name, len(folder.pipelines)) == (name, pipelines)
    assert folder.runtimes
    assert folder.linked_services
    assert read_folder(path, "adf-x").name == "adf-x"


def test_a_folder_name_becomes_a_factory_name_and_a_byte_order_mark_is_read(
    tmp_path: Path,
) -> None:
    place = tmp_path / "My factory (test)"
    write_folder(place, pipeline={"P": pipeline(step("A"))})
    file = place / "pipeline" / "P.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    folder = read_folder(place)
    assert (folder.name, list(folder.pipelines)) == ("My-factory-test", ["P"])


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "not JSON"), ("[]", "not a JSON object"), ("{}", "no properties"), (None, "pipeline/")],
)
def test_what_is_no_factory_is_told(tmp_path: Path, content: str | None, told: str) -> None:
    if content is not None:
        write_folder(tmp_path, pipeline={"P": {}})
        (tmp_path / "pipeline" / "P.json").write_text(content, encoding="utf-8")
    with pytest.raises(WrongFolder, match=told):
        read_folder(tmp_path)
    with pytest.raises(WrongFolder, match="not a folder"):
        read_folder(tmp_path / "nowhere")


def test_an_empty_pipeline_and_unknown_triggers_harm_nothing(tmp_path: Path) -> None:
    trigger: dict[str, Any] = {
        "type": "ScheduleTrigger",
        "runtimeState": "Started",
        "typeProperties": {},
    }
    odd = {"type": "Odd", "runtimeState": "Started"}
    tumbling: dict[str, Any] = {
        "type": "TumblingWindowTrigger",
        "runtimeState": "Started",
        "pipeline": {},
    }
    triggers = {"T": trigger, "O": odd, "W": tumbling}
    write_folder(tmp_path, pipeline={"P": {}}, trigger=triggers)
    state = factory_from_folder(tmp_path, frozen_clock(NOON))
    assert "Failed" not in {run.status for run in all_runs(state, NOON)}


SCENE = ExpressionScope(
    parameters={"text": "Blue Sky", "none": None, "rows": [1, 2, 3], "open": OPAQUE},
    variables={"n": 5, "flag": "TRUE"},
    item={"Name": "orders", "Id": 3},
    activities={"Copy": {"error": {"message": "no"}, "output": OPAQUE, "Status": "Failed"}},
    system={"RunId": "r-1", "TriggerTime": datetime(2026, 5, 6, 7, 0, tzinfo=UTC)},
    trigger={"outputs": {"windowStartTime": "2026-05-06T00:00:00Z", "body": {"fileName": "a.csv"}}},
    now=datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("@pipeline().parameters.text", "Blue Sky"),
        ("@pipeline().RunId", "r-1"),
        ("@concat('it''s ', variables('n'), ' ', true)", "it's 5 True"),
        ("@if(equals(variables('n'), 5), 'five', item().nothing)", "five"),
        ("@and(equals(1, 2), activity('Copy').output.x)", False),
        ("@or(bool(variables('flag')), activity('Copy').output.x)", True),
        ("@not(empty(pipeline().parameters.rows))", True),
        ("@coalesce(pipeline().parameters.none, item().name)", "orders"),
        ("@activity('Copy').Error.message", "no"),
        ("@activity('Copy').error?.nothing", None),
        ("@pipeline().parameters.rows[1]", 2),
        ("@add(length(pipeline().parameters.rows), mul(2, 3))", 9),
        ("@div(7, 2)", 3),
        ("@div(7.0, 2)", 3.5),
        ("@json('{\"a\": [4]}').a[0]", 4),
        ("@contains(createArray('a','b'), 'b')", True),
        ("@toLower(substring(pipeline().parameters.text, 0, 4))", "blue"),
        ("@replace(trim('  x y '), ' ', '-')", "x-y"),
        ("@join(split('a,b', ','), '+')", "a+b"),
        ("@formatDateTime(utcNow(), 'yyyy-MM-dd HH:mm:ss.fff')", "2026-05-06 07:08:09.123"),
        ("@utcnow('yyyyMMdd')", "20260506"),
        ("@addDays('2026-05-06T00:00:00Z', -1)", "2026-05-05T00:00:00.0000000Z"),
        ("@dayOfWeek(utcNow())", 3),
        ("@trigger().outputs.windowStartTime", "2026-05-06T00:00:00Z"),
        ("@triggerBody().fileName", "a.csv"),
        ("@union(createArray(1), createArray(1, 2))", [1, 2]),
        ("@union(json('{\"a\":1}'), json('{\"b\":2}'))", {"a": 1, "b": 2}),
        ("@last(range(3, 4))", 6),
        ("Load @{item().Name} of @{item().Id}", "Load orders of 3"),
        ("@@literal", "@literal"),
        ("plain", "plain"),
        ("@greaterOrEquals(int('4'), 4)", True),
        ("@startsWith('Orders', 'ord')", True),
        ("@pipeline().parameters.none?.deep", None),
        ("@pipeline().parameters.text?.deep", None),
        ("@concat('<', pipeline().parameters.none, '>')", "<>"),
        ("@{utcNow('yyyy')}-@{pipeline().parameters.rows}", "2026-[1,2,3]"),
        ("@{json('null')}", ""),
        ("@string(pipeline().TriggerTime)", "2026-05-06T07:00:00.0000000Z"),
    ],
)
def test_an_expression_has_the_value_that_the_service_would_give_it(text: str, value: Any) -> None:  # noqa: ANN401
    assert value_of(expression(text), SCENE) == value
    assert value_of(text, SCENE) == value


@pytest.mark.parametrize(
    "text",
    [
        "@activity('Copy').output.rowsCopied",
        "@activity('Other').output",
        "@pipeline().parameters.open",
        "@pipeline().parameters.text.deep",
        "@union(1, 2)",
        "@or(false, activity('Copy').output.x)",
        "@rand(1, 5)",
        "@item().nothing",
        "@add('a', 1)",
        "@div(1, 0)",
        "@pipeline().parameters.rows[9]",
        "@length(5)",
        "@toLower(5)",
        "@concat('a'",
        "@concat('a') 'b'",
        "@#",
        "@x",
        "@dataset().path",
    ],
)
def test_what_only_a_run_could_tell_is_unknown(text: str) -> None:
    with pytest.raises(Unknown):
        value_of(expression(text), SCENE)


def test_a_definition_is_told_without_what_is_unknown() -> None:
    wire = {"a": expression("@item().Id"), "b": [expression("@rand(1,2)"), 7], "c": {"d": "@x"}}
    assert resolve(wire, SCENE) == {"a": 3, "b": [7], "c": {}}


def test_errors_come_from_the_file_that_is_given(tmp_path: Path) -> None:
    file = tmp_path / "errors.jsonl"
    lines = [
        {"message": ""},
        {"message": "Out of paper.", "outer_code": None, "failure_type": None},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    write_folder(tmp_path, pipeline={"P": pipeline(step("A"))})
    state = factory_from_folder(tmp_path, frozen_clock(NOON), errors=file)
    broken = {run.message for run in all_runs(state, NOON) if run.status == "Failed"}
    assert broken == {"Operation on target A failed: Out of paper."}


@pytest.mark.parametrize(
    ("content", "told"), [("{", "line 1 is not JSON"), ("7", "line 1"), ("\n", "no error samples")]
)
def test_a_file_of_errors_that_cannot_be_read_is_told(
    tmp_path: Path, content: str, told: str
) -> None:
    file = tmp_path / "errors.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(WrongErrors, match=told):
        read_errors(file)


def test_an_activity_breaks_mostly_with_the_same_words_and_names_its_service(
    tmp_path: Path,
) -> None:
    copy = step("A", "Lookup", linked="x") | {"linkedServiceName": {"referenceName": "ls_sales"}}
    simulator = simulator_of(write_folder(tmp_path, pipeline={"P": pipeline(copy)}))
    texts: list[str] = []
    for number in range(40):
        dice = simulator.chance("t", number)
        texts.append(simulator.error_for("P", simulator.blueprints["P"].steps[0], dice).message)
    assert max(map(texts.count, texts)) > 20
    assert len(set(texts)) > 1
    assert any("ls_sales" in text for text in texts)
    assert not any("{" in text for text in texts)


def test_words_without_a_kind_fit_any_activity() -> None:
    words = ErrorWords(read_errors(), 1)
    dice = simulator_of(SYNAPSE).chance("x")
    told = words.broken("P", "A", "NeverHeardOf", "", dice)
    assert "temporary" in told.message


def test_a_start_of_an_unknown_pipeline_plays_nothing() -> None:
    assert simulator_of(PROCFWK).play(start_of("Nowhere")) == []
