"""What is remembered of an answer, by its records: the pipeline, run, list or thing."""

from collections.abc import Sequence
from typing import Any

from adf.records import (
    BROKEN,
    ActivityTable,
    PipelineRun,
    QueueReport,
    RunList,
    RunReport,
    RuntimeReport,
    TriggerReport,
    UseReport,
)
from adf.records.groups import grouped_runs
from bot.agents.understanding.things import Thing, ThingKind, remembered_thing
from cards.records import IncidentList, IncidentReport, MuteList

MOST_LISTED = 20


def about(record: object, pipeline: str | None) -> dict[str, Any]:
    """What "it" and "that" are after a record was shown for a question about a pipeline or all."""
    report = record.report if isinstance(record, ActivityTable) else record
    if isinstance(report, RunReport):
        return _about_report(report)
    if isinstance(report, RunList):
        return _about_runs(report, pipeline)
    if isinstance(report, QueueReport):
        return _about_queue(report)
    if isinstance(report, IncidentReport):
        return _about_incident(report)
    if isinstance(report, MuteList):
        return _about_mutes(report)
    if isinstance(report, IncidentList):
        return {"incidents": [one.incident_id for one in report.entries[:MOST_LISTED]]}
    return _about_switch(report) | ({} if pipeline else _about_thing(report))


def _about_switch(record: object) -> dict[str, Any]:
    """That the one trigger which was shown is turned off: "start it again" starts that."""
    if not isinstance(record, TriggerReport) or len(record.triggers) != 1:
        return {}
    return {} if record.triggers[0].is_started else {"is_off": True}


def _about_thing(record: object) -> dict[str, Any]:
    """A runtime, a trigger or what is used, where the record is about one; and its pipelines."""
    if isinstance(record, RuntimeReport):
        return _about_runtime(record)
    if isinstance(record, TriggerReport) and len(record.triggers) == 1:
        (trigger,) = record.triggers
        thing = Thing(kind=ThingKind.TRIGGER, name=trigger.name)
        return remembered_thing(thing) | _its_pipelines(trigger.pipelines)
    if isinstance(record, UseReport) and len(record.found) == 1:
        (used,) = record.found
        thing = Thing(kind=ThingKind.RESOURCE, name=used.name)
        return remembered_thing(thing) | _its_pipelines([one.pipeline for one in used.uses])
    return {}


def _about_runtime(report: RuntimeReport) -> dict[str, Any]:
    """The runtime that was asked for, or the only one with a problem; what failed or runs on it."""
    fitting = [one for one in report.runtimes if report.name or one.has_problem]
    if len(fitting) != 1:
        return {}
    thing = Thing(kind=ThingKind.RUNTIME, name=fitting[0].name)
    failed = report.failed_on(thing.name)
    names = [one.pipeline for one in failed or report.running_on(thing.name)]
    about = remembered_thing(thing) | _its_pipelines(names)
    return about | (
        {"run_id": failed[0].run_id, "broken": True} if failed and len(set(names)) == 1 else {}
    )


def _its_pipelines(names: Sequence[str]) -> dict[str, Any]:
    """What "that pipeline" is: the only one, or a choice of several."""
    only = list(dict.fromkeys(names))[:MOST_LISTED]
    one = only[0] if len(only) == 1 else None
    return {"listed": only, "pipeline": one, "run_id": None, "cause_run_id": None}


def _about_incident(report: IncidentReport) -> dict[str, Any]:
    """The incident, and the pipeline and run that broke last."""
    about: dict[str, Any] = {"incident": report.incident_id, "factory": report.factory}
    if len(report.pipelines) == 1:
        about["pipeline"] = report.pipelines[0]
    return {**about, "run_id": report.run_id, "cause_run_id": None, "broken": True}


def _about_mutes(report: MuteList) -> dict[str, Any]:
    """The only pipeline that is muted: "why does that one keep failing"."""
    muted = [one.target.split(" (")[0] for one in report.mutes]
    return {"pipeline": muted[0], "run_id": None, "cause_run_id": None} if len(muted) == 1 else {}


def _about_report(report: RunReport) -> dict[str, Any]:
    """What to remember of a run: its pipeline, its id, and the run in which the cause lies."""
    path = report.cause.path if report.cause else ()
    about: dict[str, Any] = {**_about_run(report.run), "pipeline": report.run.pipeline}
    codes = (
        report.cause.error.code if report.cause else None,
        report.meaning.code if report.meaning else None,
    )
    error = [one for one in dict.fromkeys(codes) if one]
    loops = [step.activity for step in path if step.kind == "ForEach"]
    return {
        **about,
        "cause_run_id": path[-1].run_id if path else None,
        "error": error,
        "loop": loops[-1] if loops else None,
    }


def _about_runs(runs: RunList, pipeline: str | None) -> dict[str, Any]:
    """The newest run of one pipeline, or the pipelines of a list."""
    if pipeline and runs.pipeline:
        return {**_about_run(runs.runs[0]), "cause_run_id": None} if runs.runs else {}
    listed = [group.pipeline for group in grouped_runs(runs.runs)][:MOST_LISTED]
    return {"listed": listed, "pipeline": None, "run_id": None, "cause_run_id": None} | (
        {"pipeline": listed[0]} if len(listed) == 1 else {}
    )


def _about_queue(report: QueueReport) -> dict[str, Any]:
    """The run in front of one queue, or the pipelines of several."""
    listed = [one.pipeline for one in report.queues][:MOST_LISTED]
    if len(listed) != 1:
        return {"listed": listed, "pipeline": None, "run_id": None, "cause_run_id": None}
    front = report.running[0].run_id if report.running else None
    return {"pipeline": listed[0], "run_id": front, "cause_run_id": None, "broken": False}


def _about_run(run: PipelineRun) -> dict[str, Any]:
    return {"run_id": run.run_id, "broken": run.status in BROKEN}
