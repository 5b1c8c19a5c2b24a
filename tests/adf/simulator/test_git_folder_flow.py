"""Runs are played by the rules of Data Factory: what waits for what, what breaks, and why."""

from pathlib import Path
from typing import Any

import pytest

from adf.simulator.gitfolder.execution.activity_run_rows import rows_of
from adf.simulator.gitfolder.execution.results import PlayedRun
from tests.adf.simulator.git_folders import (
    NOON,
    calling,
    expression,
    pipeline,
    simulator_of,
    start_of,
    statuses,
    step,
    write_folder,
)

INNER = "Activity failed because an inner activity failed; Inner activity name: {}, Error: "


def play(place: Path, *steps: Any, breaks: tuple[str, ...] = (), **others: Any) -> list[PlayedRun]:  # noqa: ANN401
    """Play a pipeline `P` of these steps; `others` are further pipelines."""
    more = {key: others.pop(key) for key in ("parameters", "variables") if key in others}
    given = others.pop("given", {})
    write_folder(place, pipeline={"P": pipeline(*steps, **more), **others})
    return simulator_of(place).play(start_of("P", *breaks, **given))


A, B = step("A"), step("B", after="A")


def test_a_step_that_waits_for_a_broken_one_is_skipped_and_the_run_fails(tmp_path: Path) -> None:
    (run,) = play(tmp_path, B, A, step("C", after="B"), breaks=("A",))
    assert statuses(run) == {"A": "Failed", "B": "Skipped", "C": "Skipped"}
    (a, *_) = run.steps
    assert a.error is not None
    assert run.run.status == "Failed"
    assert run.run.message == f"Operation on target A failed: {a.error.message}"


def test_steps_begin_when_those_they_wait_for_have_ended(tmp_path: Path) -> None:
    (run,) = play(tmp_path, step("D", after=["B", "C"]), B, step("C", after="A"), A)
    ends = {done.step.name: done.end for done in run.steps}
    begins = {done.step.name: done.start for done in run.steps}
    assert begins["B"] >= ends["A"] <= begins["C"]  # type: ignore[operator]
    assert begins["D"] >= max(ends["B"], ends["C"])  # type: ignore[operator, type-var]
    assert run.run.end is not None
    assert run.run.end >= ends["D"]  # type: ignore[operator]


def test_an_error_handled_by_a_step_of_its_own_leaves_the_run_green(tmp_path: Path) -> None:
    handler = step("Tell", "WebActivity", after=("A", "Failed"))
    (run,) = play(tmp_path, A, handler, breaks=("A",))
    assert statuses(run) == {"A": "Failed", "Tell": "Succeeded"}
    assert (run.run.status, run.run.message) == ("Succeeded", "")


def test_an_error_handled_beside_a_step_that_is_skipped_for_it_fails_the_run(
    tmp_path: Path,
) -> None:
    handler = step("Tell", "WebActivity", after=("A", "Failed"))
    (run,) = play(tmp_path, A, B, handler, breaks=("A",))
    assert statuses(run) == {"A": "Failed", "B": "Skipped", "Tell": "Succeeded"}
    assert run.run.status == "Failed"
    assert run.run.message.startswith("Operation on target A failed: ")


def test_a_handler_that_is_not_needed_is_skipped_and_fails_nothing(tmp_path: Path) -> None:
    (run,) = play(tmp_path, A, step("Tell", after=("A", "Failed")))
    assert statuses(run) == {"A": "Succeeded", "Tell": "Skipped"}
    assert run.run.status == "Succeeded"


@pytest.mark.parametrize(
    ("condition", "broken", "skipped"),
    [
        ("Succeeded", "Skipped", "Skipped"),
        ("Failed", "Succeeded", "Skipped"),
        ("Completed", "Succeeded", "Skipped"),
        ("Skipped", "Skipped", "Succeeded"),
    ],
)
def test_each_condition_waits_for_its_own_end(
    tmp_path: Path, condition: str, broken: str, skipped: str
) -> None:
    steps = (A, B, step("AfterA", after=("A", condition)), step("AfterB", after=("B", condition)))
    (run,) = play(tmp_path, *steps, breaks=("A",))
    assert (statuses(run)["AfterA"], statuses(run)["AfterB"]) == (broken, skipped)


def test_a_child_is_a_run_of_its_own_and_its_words_are_its_parents(tmp_path: Path) -> None:
    steps = (calling("Call", "Child", parameters={"day": expression("@pipeline().RunId")}), B)
    child = pipeline(step("Load"), parameters={"day": {"type": "string"}})
    parent, below = play(tmp_path, *steps, Child=child, breaks=("Call", "Load"))
    assert below.run.invoked_by.kind == "PipelineActivity"
    assert (below.run.invoked_by.name, below.run.invoked_by.pipeline) == ("Call", "P")
    assert below.run.invoked_by.run_id == parent.run.run_id
    assert below.run.parameters == {"day": "root"}
    assert parent.run.message == f"Operation on target Call failed: {below.run.message}"
    assert below.run.message.startswith("Operation on target Load failed: ")
    call = rows_of(parent)[0]
    assert call.error is not None
    assert call.error.code == "BadRequest"
    assert call.output == {"pipelineRunId": below.run.run_id, "pipelineName": "Child"}
    assert call.input["parameters"] == {"day": "root"}
    assert parent.run.end is not None
    assert below.run.end is not None
    assert parent.run.end > below.run.end


def test_who_does_not_wait_for_its_child_does_not_break_with_it(tmp_path: Path) -> None:
    call = calling("Call", "Child", waitOnCompletion=False)
    parent, below = play(tmp_path, call, Child=pipeline(A), breaks=("Call", "A"))
    assert (parent.run.status, below.run.status) == ("Succeeded", "Failed")
    assert parent.run.end is not None
    assert below.run.end is not None
    assert parent.run.end < below.run.end


@pytest.mark.parametrize("called", ["Nowhere", expression("@variables('x')"), None])
def test_a_call_of_a_pipeline_that_is_not_there_breaks(tmp_path: Path, called: Any) -> None:  # noqa: ANN401
    (run,) = play(tmp_path, calling("Call", called))
    assert run.run.status == "Failed"
    assert "was not found" in run.run.message


def test_pipelines_that_call_each_other_in_a_ring_come_to_an_end(tmp_path: Path) -> None:
    runs = play(tmp_path, calling("Call", "Q"), Q=pipeline(calling("Back", "P")))
    assert len(runs) < 60
    assert {run.run.status for run in runs} == {"Failed"}


def test_a_fail_step_ends_the_run_with_its_own_words(tmp_path: Path) -> None:
    message = expression("@concat('No ', pipeline().parameters.what)")
    fail = step("Stop", "Fail", after=("A", "Failed"), message=message, errorCode="77")
    (run,) = play(tmp_path, A, fail, breaks=("A",), parameters={"what": {"defaultValue": "rain"}})
    assert run.run.message == "Operation on target Stop failed: No rain"
    assert run.steps[-1].error is not None
    assert run.steps[-1].error.code == "77"


def test_a_condition_takes_the_branch_its_expression_says(tmp_path: Path) -> None:
    both: dict[str, Any] = {
        "ifTrueActivities": [step("Yes")],
        "ifFalseActivities": [step("No")],
    }
    test = expression("@equals(pipeline().parameters.full, true)")
    choice = step("If", "IfCondition", expression=test, **both)
    for full, taken in ((True, "Yes"), (False, "No")):
        (run,) = play(tmp_path, choice, given={"full": full})
        assert [done.step.name for done in run.steps] == ["If", taken]


def test_a_container_breaks_with_what_is_inside_it(tmp_path: Path) -> None:
    test = expression("@activity('nothing').output.value")
    choice = step("If", "IfCondition", expression=test, ifTrueActivities=[A], ifFalseActivities=[])
    (run,) = play(tmp_path, choice, breaks=("If", "A"))
    inside = next(done.error for done in run.steps if done.step.name == "A")
    outside = next(done.error for done in run.steps if done.step.name == "If")
    assert inside is not None
    assert outside is not None
    assert (outside.code, outside.message) == ("ActionFailed", INNER.format("A") + inside.message)
    assert run.run.message == f"Operation on target If failed: {outside.message}"


def test_an_unknown_condition_goes_the_calm_way_while_nothing_is_wrong(tmp_path: Path) -> None:
    test = expression("@greater(activity('A').output.count, 0)")
    stop = [step("Stop", "Fail", message="no")]
    choice = step(
        "If", "IfCondition", after="A", expression=test, ifTrueActivities=stop, ifFalseActivities=[]
    )
    (run,) = play(tmp_path, A, choice)
    assert run.run.status == "Succeeded"


@pytest.mark.parametrize(("on", "taken"), [("red", "Red"), ("green", "Other")])
def test_a_switch_takes_the_case_or_the_default(tmp_path: Path, on: str, taken: str) -> None:
    cases = [{"value": "red", "activities": [step("Red")]}]
    choice = step("Switch", "Switch", on=on, cases=cases, defaultActivities=[step("Other")])
    (run,) = play(tmp_path, choice)
    assert statuses(run) == {"Switch": "Succeeded", taken: "Succeeded"}


def test_a_loop_goes_on_with_other_items_when_one_breaks(tmp_path: Path) -> None:
    items = expression("@pipeline().parameters.tables")
    tags = [{"name": "table", "value": expression("@item()")}]
    inside = [step("Load", userProperties=tags), step("Mark", after="Load")]
    loop = step("Each", "ForEach", items=items, activities=inside)
    tables = [f"t{number}" for number in range(8)]
    (run,) = play(tmp_path, loop, breaks=("Each", "Load"), given={"tables": tables})
    rows = rows_of(run)
    loads = [row for row in rows if row.name == "Load"]
    broken = {row.iteration for row in loads if row.status == "Failed"}
    assert {row.properties["table"] for row in loads} == set(tables)
    assert len({row.iteration for row in loads}) == 8
    assert 1 <= len(broken) <= 2
    marks = {row.iteration: row.status for row in rows if row.name == "Mark"}
    assert {key for key, status in marks.items() if status == "Skipped"} == broken
    assert rows[0].name == "Each"
    assert rows[0].iteration == ""
    assert run.run.message.startswith("Operation on target Each failed: " + INNER.format("Load"))


def test_a_sequential_loop_takes_one_item_after_the_other(tmp_path: Path) -> None:
    items = expression("@createArray('a', 'b', 'c')")
    for sequential, lanes in ((True, 1), (False, 2)):
        more: dict[str, Any] = {"isSequential": sequential, "batchCount": 2}
        loop = step("Each", "ForEach", items=items, activities=[step("Load")], **more)
        (run,) = play(tmp_path, loop)
        spans = [(done.start, done.end) for done in run.steps if done.step.name == "Load"]
        at_once = max(
            sum(s <= start < e for s, e in spans if s and e) for start, _ in spans if start
        )
        assert at_once == lanes


def test_a_loop_over_what_only_a_run_could_find_has_items_all_the_same(tmp_path: Path) -> None:
    items = expression("@activity('A').output.value")
    tags = [{"name": "t", "value": expression("@item().table_name")}]
    loop = step("Each", "ForEach", "A", items=items, activities=[step("Load", userProperties=tags)])
    (run,) = play(tmp_path, A, loop)
    names = [row.properties["t"] for row in rows_of(run) if row.name == "Load"]
    assert len(names) == len(set(names)) >= 2


def test_until_repeats_until_its_condition_holds(tmp_path: Path) -> None:
    done = step("Done", "SetVariable", after="Try", variableName="done", value=True)
    inside = [step("Try"), step("Wait", "Wait", after="Done", waitTimeInSeconds=5), done]
    test = expression("@variables('done')")
    loop = step("Until", "Until", expression=test, activities=inside)
    variables = {"done": {"type": "Boolean"}}
    (run,) = play(tmp_path, loop, variables=variables)
    assert [one.step.name for one in run.steps] == ["Until", "Try", "Done", "Wait"]
    unknown = step(
        "Until", "Until", expression=expression("@activity('Try').output.x"), activities=inside
    )
    (run,) = play(tmp_path, unknown, variables=variables)
    assert 1 <= sum(one.step.name == "Try" for one in run.steps) <= 3
    (run,) = play(tmp_path, unknown, variables=variables, breaks=("Until", "Try"))
    assert run.run.status == "Failed"


def test_variables_are_set_and_appended_to(tmp_path: Path) -> None:
    append = step("Add", "AppendVariable", variableName="seen", value=expression("@item()"))
    loop = step("Each", "ForEach", items=expression("@createArray('a','b')"), activities=[append])
    test = expression("@equals(length(variables('seen')), 2)")
    stop = step("Stop", "Fail", message=expression("@join(variables('seen'), '+')"))
    choice = step("If", "IfCondition", after="Each", expression=test, ifTrueActivities=[stop])
    (run,) = play(tmp_path, loop, choice, variables={"seen": {"type": "Array"}})
    assert run.run.message.endswith("Error: a+b")


def test_a_step_is_tried_as_often_as_its_policy_says(tmp_path: Path) -> None:
    policy = {"retry": 2, "retryIntervalInSeconds": 60}
    (run,) = play(tmp_path, step("A", policy=policy), breaks=("A",))
    rows = rows_of(run)
    assert [(row.name, row.status, row.attempt) for row in rows] == [
        ("A", "Failed", None),
        ("A", "Failed", 1),
        ("A", "Failed", 2),
    ]
    assert (rows[1].start - rows[0].end).total_seconds() == 60  # type: ignore[operator]
    assert len({row.activity_run_id for row in rows}) == 3


def test_now_and_then_a_second_attempt_mends_a_step(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        pipeline={"P": pipeline(*(step(f"S{n}", policy={"retry": 1}) for n in range(200)))},
    )
    (run,) = simulator_of(tmp_path).play(start_of("P"))
    fixed = [done for done in run.steps if done.attempt]
    assert 1 <= len(fixed) <= 20
    assert {done.status for done in fixed} == {"Succeeded"}
    assert run.run.status == "Succeeded"


@pytest.mark.parametrize(
    ("mark", "after"), [("Succeeded", "Succeeded"), ("Failed", "Skipped"), ("Skipped", "Skipped")]
)
def test_an_inactive_step_ends_as_it_is_marked(tmp_path: Path, mark: str, after: str) -> None:
    off = step("A", state="Inactive", onInactiveMarkAs=mark)
    (run,) = play(tmp_path, off, B)
    assert statuses(run) == {"A": mark, "B": after}
    assert rows_of(run)[0].output == {}


def test_a_wait_takes_as_long_as_it_says(tmp_path: Path) -> None:
    untold = step("Wait", "Wait", waitTimeInSeconds=expression("@int(activity('x').output.y)"))
    for wait, seconds in ((step("Wait", "Wait", waitTimeInSeconds=90), 90), (untold, 30)):
        (run,) = play(tmp_path, wait)
        done = run.steps[0]
        assert done.end is not None
        assert (done.end - NOON).total_seconds() > seconds
        assert (done.end - done.since).total_seconds() == seconds


def test_steps_that_wait_for_each_other_in_a_ring_are_played_as_written(tmp_path: Path) -> None:
    (run,) = play(tmp_path, step("A", after="C"), step("B", after="A"), step("C", after="B"))
    assert len(run.steps) == 3


def test_the_same_start_always_goes_the_same_way(tmp_path: Path) -> None:
    loop = step(
        "Each", "ForEach", items=expression("@activity('A').output.v"), activities=[step("L")]
    )
    write_folder(
        tmp_path,
        pipeline={"P": pipeline(A, loop, calling("Call", "Q", after="A")), "Q": pipeline(A, B)},
    )
    simulator = simulator_of(tmp_path)
    first, again = simulator.play(start_of("P")), simulator_of(tmp_path).play(start_of("P"))
    assert first == again == simulator.play(start_of("P"))
    assert first != simulator_of(tmp_path, seed=2).play(start_of("P"))


def test_a_copy_that_broke_before_its_sink_has_read_nothing(tmp_path: Path) -> None:
    write_folder(tmp_path, pipeline={"P": pipeline(*(step(f"S{n}") for n in range(30)))})
    simulator = simulator_of(tmp_path)
    for number in range(30):
        row = next(r for r in rows_of(simulator.play(start_of("P", f"S{number}"))[0]) if r.error)
        assert row.error is not None
        assert (row.output["rowsRead"] > 0) is ("'Sink' side" in row.error.message)
        assert row.output["rowsCopied"] == 0
