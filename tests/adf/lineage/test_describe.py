"""What a pipeline does in plain words, its parameters, and whose it is by its definition."""

import pytest

from adf.lineage.describe import described_steps, parameters_of
from adf.lineage.owners import owners_of
from adf.lineage.walk import steps_of
from adf.records import Owner, PipelineNotes
from tests.adf.lineage.published import Json, copying, dataset, published
from tests.adf.simulator.git_folders import calling, expression, pipeline, step


def words(*steps: Json) -> list[str]:
    return [one.words for one in described_steps(steps_of(pipeline(*steps)))]


@pytest.mark.parametrize(
    ("activity", "says"),
    [
        (copying("C", dataset("In"), dataset("Out")), "copies from In to Out"),
        (step("L", "Lookup", dataset=dataset("Wm")), "looks up rows of Wm"),
        (calling("R", "Child"), "runs pipeline Child without waiting for it"),
        (calling("R", "Child", waitOnCompletion=True), "runs pipeline Child and waits for it"),
        (step("F", "ForEach", items=expression("@x"), batchCount=4), "for each of @x, 4 at a time"),
        (
            step("F", "ForEach", items=expression("@x"), isSequential=True),
            "for each of @x, one by one",
        ),
        (step("U", "Until", expression=expression("@done")), "repeats until @done"),
        (step("W", "Wait", waitTimeInSeconds=30), "waits 30 s"),
        (
            step("W", "WebActivity", method="POST", url="https://x/?sig=1"),
            "sends POST to a web address",
        ),
        (
            step("S", "SqlServerStoredProcedure", storedProcedureName="etl.x"),
            "runs stored procedure etl.x",
        ),
        (step("N", "SynapseNotebook", notebook={"referenceName": "nb"}), "runs notebook nb"),
        (step("X", "HDInsightPig"), "runs an activity of type HDInsightPig"),
        (step("W", "Wait", waitTimeInSeconds=1, state="Inactive"), "waits 1 s (switched off)"),
    ],
)
def test_an_activity_is_said_in_plain_words(activity: Json, says: str) -> None:
    assert words(activity) == [says]


def test_what_stands_in_a_container_follows_it_one_level_deeper() -> None:
    choice = step(
        "If",
        "IfCondition",
        expression=expression("@a"),
        ifTrueActivities=[step("Yes", "Wait")],
        ifFalseActivities=[step("No", "Wait")],
    )
    found = [
        (one.name, one.depth, one.after) for one in described_steps(steps_of(pipeline(choice)))
    ]
    assert found == [("If", 0, ()), ("Yes", 1, ()), ("No", 1, ())]


def test_parameters_have_their_types_and_a_secure_one_no_default() -> None:
    wire = {
        "parameters": {
            "full": {"type": "bool", "defaultValue": False},
            "key": {"type": "SecureString", "defaultValue": "hunter2"},
        }
    }
    known = [(one.name, one.kind, one.default) for one in parameters_of(wire)]
    assert known == [("full", "bool", "False"), ("key", "SecureString", "")]


def owners(notes: PipelineNotes | None = None, **more: object) -> list[Owner]:
    known = published({"P": pipeline(step("Copy"), **more)}, notes={"P": notes} if notes else None)
    return list(owners_of(known, "P"))


def test_the_declared_owner_comes_first_and_nobody_twice() -> None:
    found = owners(PipelineNotes(owner="Priya"), annotations=["owner: priya", "team = crm"])
    assert found == [
        Owner(who="Priya", source="ADFOPS_FACTORIES"),
        Owner(who="crm", source="annotation of the pipeline"),
    ]


@pytest.mark.parametrize(
    "annotation", ["Owner: crm", "owned by: crm", "Data-Owner=crm", "on-call: crm", "Contact : crm"]
)
def test_annotations_name_owners_in_many_ways(annotation: str) -> None:
    assert [one.who for one in owners(annotations=[annotation])] == ["crm"]


@pytest.mark.parametrize("annotation", ["nightly", "ownership unclear", "team", "owner:", 7])
def test_other_annotations_name_nobody(annotation: object) -> None:
    assert owners(annotations=[annotation]) == []


def test_user_properties_and_descriptions_name_owners_too() -> None:
    tagged = step("Copy", userProperties=[{"name": "Owner", "value": "ana"}])
    known = published({"P": pipeline(tagged, description="Loads it. Team: lake; nightly.")})
    assert list(owners_of(known, "P")) == [
        Owner(who="ana", source="user property of Copy"),
        Owner(who="lake", source="description of the pipeline"),
    ]


def test_nothing_known_is_nothing() -> None:
    assert owners() == []
