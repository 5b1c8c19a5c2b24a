"""How it goes over time, and how two runs differ, for a language model."""

from adf.records import Bucket, Comparison, Difference, PipelineStats, RunStats
from bot.agents.model.facts.fields import FactWriter, Told, cut, filled, seconds, word


def run_stats(record: RunStats, tell: FactWriter) -> Told:
    """The trend: what it proves, its stretches of time, the pipelines behind it."""
    return filled(
        record="trend",
        subject=word(record.subject),
        factory=record.factory,
        looked_from=tell.at(record.time_range.start),
        looked_to=tell.at(record.time_range.end),
        finding=cut(record.finding, tell.characters),
        stretches=tell.some(record.buckets, _bucket),
        pipelines=tell.some(record.pipelines, _pipeline),
        left_out=tell.omitted(record.pipelines) or None,
        good_share_before=record.before,
        limits_of_the_data=tell.some(record.limits, word),
    )


def comparison(record: Comparison, tell: FactWriter) -> Told:
    """Two runs side by side, what matters first; parameter values only where errors are told."""
    told = [one for one in record.differences if tell.error_text or not _is_parameter(one)]
    return filled(
        record="comparison",
        left=tell.of_run(record.left),
        right=tell.of_run(record.right),
        differences=tell.some(told, _difference),
        left_out=tell.omitted(told) or None,
        the_same=tell.some(record.same, word),
    )


def _bucket(one: Bucket) -> Told:
    return filled(
        of=one.label,
        good=one.succeeded or None,
        failed=one.failed or None,
        slow_s=seconds(one.slow),
    )


def _pipeline(one: PipelineStats) -> Told:
    return filled(
        pipeline=word(one.pipeline),
        runs=one.runs,
        failed=one.failed,
        last=str(one.last),
        usual_s=seconds(one.usual),
        remark=word(one.remark),
    )


def _difference(one: Difference) -> Told:
    return filled(
        what=word(one.what),
        left=word(one.left) or "-",
        right=word(one.right) or "-",
        matters=one.matters or None,
    )


def _is_parameter(one: Difference) -> bool:
    return one.what.startswith("Parameter ")
