"""Lists of runs and pipelines for a language model."""

from adf.records import (
    BROKEN,
    BrokenUpstream,
    Pipeline,
    PipelineList,
    PipelineRun,
    RunCheck,
    RunList,
)
from bot.agents.model.facts.fields import Facts, FactWriter, counted, cut, filled, word

LONGEST_MESSAGE = 240


def run_list(record: RunList, writer: FactWriter) -> Facts:
    """The runs, counted by state so that the model need not count, and the question they fit."""
    first_runs: dict[str, str] = {}
    return filled(
        record="runs",
        factory=record.factory,
        as_of=writer.at(record.as_of),
        from_time=writer.at(record.time_range.start),
        to_time=writer.at(record.time_range.end),
        pipeline=word(record.pipeline or ""),
        status_filter=[str(one) for one in record.statuses],
        latest_only=record.latest_only or None,
        count=len(record.runs),
        count_by_status=counted(run.status for run in record.runs),
        green_but_doubtful=writer.some(record.doubtful, check_facts),
        broken_upstream=[_upstream(one, writer) for one in record.upstream],
        gaps=writer.some((*record.unread, *record.gaps), word),
        rows_copied_by_newest=record.checks[0].rows if record.pipeline and record.checks else None,
        runs=writer.some(record.runs, lambda run: _in_list(run, writer, first_runs)),
        left_out=writer.omitted(record.runs) or None,
    )


def pipeline_list(record: PipelineList, writer: FactWriter) -> Facts:
    """The pipelines with what their owners declared."""
    return filled(
        record="pipelines",
        factory=record.factory,
        as_of=writer.at(record.as_of),
        match=word(record.match or ""),
        count=len(record.pipelines),
        pipelines=writer.some(record.pipelines, _pipeline),
        left_out=writer.omitted(record.pipelines) or None,
    )


def check_facts(check: RunCheck) -> Facts:
    """What a look into a run that succeeded found."""
    return filled(
        pipeline=word(check.pipeline),
        run_id=check.run_id,
        rows_copied=check.rows,
        typical_rows=check.usual_rows,
        typical_from_runs=check.sample or None,
        doubts=[cut(one.said, LONGEST_MESSAGE) for one in check.doubts],
    )


def _upstream(one: BrokenUpstream, writer: FactWriter) -> Facts:
    return {**writer.of_run(one.run), **filled(effect=str(one.effect), inside=word(one.inside))}


def _in_list(run: PipelineRun, writer: FactWriter, first_runs: dict[str, str]) -> Facts:
    """A run of a list; the same failure is said once, and named by its first run after that."""
    said = writer.error(run.message[:LONGEST_MESSAGE]) if run.status in BROKEN else None
    first = first_runs.setdefault(said, run.run_id) if said else run.run_id
    if first != run.run_id:
        return {**writer.of_run(run), "same_error_as": first[:8]}
    return {**writer.of_run(run), **filled(message=said)}


def _pipeline(one: Pipeline) -> Facts:
    return filled(
        name=word(one.name),
        folder=word(one.folder or ""),
        critical=one.notes.critical or None,
        owner=word(one.notes.owner or ""),
        due=one.notes.due,
        at_once=one.concurrency,
    )
