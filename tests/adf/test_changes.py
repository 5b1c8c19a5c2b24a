"""What was changed: exactly the planted change among others, who stopped a trigger, and gaps."""

import random
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from adf.errors import BadArguments, Forbidden, OutOfRange
from adf.records import ChangeLog, TriggerReport
from adf.simulator import State
from tests.adf.asking import asking, card_text
from tests.adf.simulator.worlds import NOW, run, world

# What belongs to Harvest: itself, its trigger, the service it reads by, and what it calls.
OF_HARVEST = ("Harvest", "trg_harvest", "ls_barn", "Mill")
WRITERS = ("svc-devops", "priya@contoso.com", "omar", "svc-release")
TRIGGERS = {
    "trg_harvest": {"pipeline": "Harvest", "state": "Started", "schedule": "daily 03:00 UTC"},
    "trg_other": {"pipeline": "Other", "state": "Started", "schedule": "daily 03:00 UTC"},
}


def farm(
    changes: list[dict[str, Any]],
    triggers: dict[str, Any] | None = None,
    **more: Any,  # noqa: ANN401
) -> State:
    """Harvest was green on the 19th and red today; Other does not belong to it."""
    harvest = {
        "11111111-0000-4000-8000-000000000001": run("Harvest", "Failed", "03:00:00", "03:20:00"),
        "11111111-0000-4000-8000-000000000002": {
            **run("Harvest", "Succeeded", "03:00:00", "03:20:00"),
            "start": "2031-08-19T03:00:00Z",
            "end": "2031-08-19T03:20:00Z",
        },
    }
    return world(
        pipelines={
            name: [{"factory": "adf-lab"}] for name in ("Harvest", "Mill", "Other", "Third")
        },
        runs=harvest,
        triggers=TRIGGERS if triggers is None else triggers,
        changes=cast("Any", changes),
        **more,
    )


def change(at: datetime, by: str, *touched: str, what: str = "Publish from Studio") -> Any:  # noqa: ANN401
    return {"at": at.isoformat(), "what": what, "by": by, "touched": list(touched)}


async def ask(state: State, **arguments: object) -> ChangeLog:
    async with asking(state) as toolbox:
        return cast("ChangeLog", await toolbox.call("adf_change_log", **arguments))


def with_uses(state: State) -> State:
    """Harvest reads a dataset of a linked service and calls another pipeline."""
    factory = state.factories[0]
    reads = {"dataset": {"referenceName": "ds_hay", "type": "DatasetReference"}}
    calls = {"pipeline": {"referenceName": "Mill", "type": "PipelineReference"}}
    activities: list[Any] = factory.pipelines["Harvest"]["activities"]
    activities += [
        {"name": "Deep", "type": "Lookup", "typeProperties": reads},
        {"name": "Call", "type": "ExecutePipeline", "typeProperties": calls},
    ]
    barn = {"referenceName": "ls_barn", "type": "LinkedServiceReference"}
    factory.datasets = {"ds_hay": {"type": "DelimitedText", "linkedServiceName": barn}}
    return state


def history(seed: int) -> tuple[State, Any]:
    """Twenty changes of other things at any time, and one of Harvest between green and red."""
    dice = random.Random(seed)
    green = NOW - timedelta(hours=26)
    others = [
        change(
            NOW - timedelta(minutes=dice.randrange(1, 2800)),
            dice.choice(WRITERS),
            *dice.sample(("Other", "Third", "trg_other", "ls_other", "ds_other"), 2),
            what=dice.choice(("Publish from Studio", f"ARM deployment rel-{place}")),
        )
        for place in range(20)
    ]
    planted = change(
        green + timedelta(minutes=dice.randrange(1, 23 * 60)),
        dice.choice(WRITERS),
        dice.choice(OF_HARVEST),
        what=dice.choice(("Publish from Studio", "ARM deployment planted")),
    )
    listed = [*others, planted]
    dice.shuffle(listed)
    return with_uses(farm(listed)), planted


@pytest.mark.parametrize(
    "seeds", [range(12), pytest.param(range(12, 300), marks=pytest.mark.prove)]
)
async def test_the_planted_change_is_found_among_twenty_others(seeds: range) -> None:
    for seed in seeds:
        state, planted = history(seed)
        log = await ask(state, pipeline="Harvest")
        (found,) = log.between
        assert log.changes == (found,), seed
        (thing,) = [one for one in found.things if one.relation]
        assert thing.name == planted["touched"][0]
        assert found.actor == planted["by"]
        assert abs(found.at - datetime.fromisoformat(planted["at"])) <= timedelta(minutes=2)
        others = {thing.name for one in log.elsewhere for thing in one.things}
        assert not others & {*OF_HARVEST}


async def test_a_change_is_said_to_be_near_in_time_and_no_cause() -> None:
    state = farm([change(NOW - timedelta(hours=9), "svc", "Harvest", what="ARM deployment rel-7")])
    log = await ask(state, pipeline="Harvest")
    text = card_text(log)
    assert "1 change between its last good run and its first failed one" in text
    assert "Timing alone does not prove" in text
    assert "Deployment rel-7 by svc" in text


async def test_what_a_pipeline_uses_and_calls_concerns_it() -> None:
    state = with_uses(farm([change(NOW - timedelta(hours=9), "svc", "ls_barn", "Mill")]))
    (found,) = (await ask(state, pipeline="Harvest")).changes
    assert {one.name: one.relation for one in found.things} == {
        "ls_barn": "used by ds_hay",
        "Mill": "called by Harvest",
    }


async def test_nothing_found_says_over_which_time_and_how_far_the_log_reaches() -> None:
    log = await ask(farm([]), pipeline="Third", hours=72)
    assert log.changes == log.elsewhere == ()
    text = card_text(log)
    assert "Nothing changed in Third in the last 72 h" in text
    assert "reaches back 90 days" in text


async def test_the_last_good_run_is_looked_back_to_however_long_ago() -> None:
    week = {"11111111-0000-4000-8000-000000000003": run("Third", "Failed", "03:00:00", "03:20:00")}
    state = farm([change(NOW - timedelta(days=6), "svc", "Third")])
    good = {
        **run("Third", "Succeeded", "03:00:00", "03:20:00"),
        "start": "2031-08-13T03:00:00Z",
        "end": "2031-08-13T03:20:00Z",
    }
    state = world(
        pipelines={"Third": [{"factory": "adf-lab"}]},
        runs={**week, "11111111-0000-4000-8000-000000000004": good},
        changes=cast("Any", [change(NOW - timedelta(days=6), "svc", "Third")]),
    )
    assert len((await ask(state, pipeline="Third")).between) == 1
    assert (await ask(state, pipeline="Third", hours=24.0)).changes == ()


async def test_a_stopped_trigger_says_since_when_by_whom_and_near_which_deployment() -> None:
    stopped = {
        "pipeline": "Harvest",
        "state": "Stopped",
        "schedule": "daily 03:00 UTC",
        "last_fired": "2031-08-19T03:00:00Z",
        "stopped_at": "2031-08-19T17:04:41Z",
        "stopped_by": "svc-devops",
    }
    deployed = change(
        datetime.fromisoformat("2031-08-19T17:05:10+00:00"),
        "svc-devops",
        "Harvest",
        what="ARM deployment rel-8",
    )
    by_others = change(
        datetime.fromisoformat("2031-08-19T17:04:50+00:00"),
        "omar",
        "Third",
        what="ARM deployment not-it",
    )
    state = farm([deployed, by_others], {"trg_harvest": stopped})
    async with asking(state) as toolbox:
        report = cast("TriggerReport", await toolbox.call("adf_trigger_status"))
    (one,) = report.triggers
    assert (one.stopped_by, one.stopped_with) == ("svc-devops", "rel-8")
    assert one.stopped_at == datetime.fromisoformat("2031-08-19T17:04:41+00:00")
    text = card_text(report)
    assert "by svc-devops, about when rel-8 was deployed" in text
    log = await ask(state, trigger="trg_harvest")
    assert [[(thing.name, thing.done) for thing in one.things] for one in log.changes] == [
        [("trg_harvest", "stopped")]
    ]


async def test_what_one_person_published_without_a_pause_is_one_change() -> None:
    at = NOW - timedelta(hours=3)
    listed = [
        change(at, "priya", "Harvest"),
        change(at + timedelta(seconds=40), "priya", "Other"),
        change(at + timedelta(seconds=50), "omar", "Third"),
        change(at + timedelta(minutes=30), "priya", "Third"),
    ]
    log = await ask(farm(listed))
    assert [(one.actor, len(one.things)) for one in log.changes] == [
        ("priya", 1),
        ("omar", 1),
        ("priya", 2),
    ]


async def test_who_may_not_read_the_log_gets_an_error_and_other_answers_a_gap() -> None:
    roles = {"*": ["Microsoft.DataFactory/*"]}
    stopped = {"pipeline": "Harvest", "state": "Stopped", "schedule": "daily 03:00 UTC"}
    async with asking(farm([], {"trg_harvest": stopped}), roles) as toolbox:
        with pytest.raises(Forbidden, match="eventtypes/values/read"):
            await toolbox.call("adf_change_log")
        report = cast("TriggerReport", await toolbox.call("adf_trigger_status"))
    assert report.triggers[0].stopped_by == ""
    assert "could not read who stopped triggers" in report.gaps[0]


async def test_many_pages_of_the_log_are_all_read() -> None:
    listed = [
        change(NOW - timedelta(minutes=5 * place + 1), f"actor-{place}", "Other")
        for place in range(130)
    ]
    assert len((await ask(farm(listed))).changes) == 130


async def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(BadArguments):
        await ask(farm([]), hours=-1.0)
    with pytest.raises(OutOfRange, match="90 days"):
        await ask(farm([]), to=NOW - timedelta(days=91))
