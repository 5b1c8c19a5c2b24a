"""Who started runs by hand: the caller in Azure's activity log, near to the moment they began."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from adf.changes.logged_acts import LoggedAct, starter_of
from adf.records import ActionKind, InvokedBy, PipelineRun, RunStatus

NOW = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
PEOPLE = ("claire@toque.example", "dale", "Åsa Öberg", "svc-release", "4d1c0000-guid")
NAMES = ("Orders", "EDI 850", "kits.v2")


def started(name: str, at: datetime) -> PipelineRun:
    return PipelineRun(
        factory="f",
        run_id=f"run of {name}",
        pipeline=name,
        status=RunStatus.SUCCEEDED,
        start=at,
        invoked_by=InvokedBy(name="Manual", kind="Manual"),
    )


@pytest.mark.parametrize("seed", range(40))
def test_it_is_the_one_whose_request_came_in_a_moment_before(seed: int) -> None:
    chance = random.Random(seed)
    person, other = chance.sample(PEOPLE, 2)
    name, elsewhere = chance.sample(NAMES, 2)
    at = NOW - timedelta(minutes=chance.randint(5, 900))
    acts = [
        LoggedAct(
            at=at - timedelta(seconds=chance.randint(0, 50)),
            actor=person,
            kind=ActionKind.RUN,
            name=chance.choice([name, name.upper()]),
        ),
        LoggedAct(at=at, actor=other, kind=ActionKind.RUN, name=elsewhere),
        LoggedAct(at=at - timedelta(minutes=3), actor=other, kind=ActionKind.RUN, name=name),
        LoggedAct(at=at, actor=other, kind=ActionKind.CANCEL, name=name),
    ]
    chance.shuffle(acts)
    assert starter_of(started(name, at), acts) == person
    too_many = [*acts, LoggedAct(at=at, actor=other, kind=ActionKind.RUN, name=name)]
    assert starter_of(started(name, at), too_many) == ""


@pytest.mark.parametrize(
    ("kind", "parent", "is_by_hand"),
    [
        ("Manual", None, True),
        ("manual", None, True),
        ("ScheduleTrigger", None, False),
        ("Manual", "a run", False),
    ],
)
def test_by_hand_is_what_neither_a_trigger_nor_a_pipeline_started(
    kind: str, parent: str | None, is_by_hand: bool
) -> None:
    assert InvokedBy(name="x", kind=kind, pipeline_run_id=parent).is_by_hand is is_by_hand
