"""How it goes over time, and how two runs differ, for a language model."""

from collections.abc import Sequence

from adf.records import Bucket, Comparison, Difference, PipelineStats, RunStats
from bot.agents.model.facts.fields import Facts, FactWriter, cut, filled, seconds, word


def run_stats(record: RunStats, writer: FactWriter) -> Facts:
    """The trend: what it proves, its buckets of time, the pipelines behind it."""
    return filled(
        record="trend",
        subject=word(record.subject),
        factory=record.factory,
        from_time=writer.at(record.time_range.start),
        to_time=writer.at(record.time_range.end),
        finding=cut(record.finding, writer.characters),
        buckets=writer.some(_filled_buckets(record.buckets), _bucket),
        pipelines=writer.some(record.pipelines, _pipeline),
        left_out=writer.omitted(record.pipelines) or None,
        success_rate_before=record.before,
        limits_of_the_data=writer.some(record.limits, word),
    )


def comparison(record: Comparison, writer: FactWriter) -> Facts:
    """Two runs side by side, what matters first; parameter values only where errors are given."""
    visible = [one for one in record.differences if writer.error_text or not _is_parameter(one)]
    return filled(
        record="comparison",
        left=writer.of_run(record.left),
        right=writer.of_run(record.right),
        differences=writer.some(visible, _difference),
        left_out=writer.omitted(visible) or None,
        the_same=writer.some(record.same, word),
    )


def _filled_buckets(buckets: Sequence[Bucket]) -> Sequence[Bucket]:
    """Those in which anything ran."""
    return [one for one in buckets if one.succeeded or one.failed]


def _bucket(one: Bucket) -> Facts:
    return filled(
        start=one.label,
        succeeded=one.succeeded or None,
        failed=one.failed or None,
        p95_s=seconds(one.slow),
    )


def _pipeline(one: PipelineStats) -> Facts:
    return filled(
        pipeline=word(one.pipeline),
        runs=one.runs,
        failed=one.failed,
        last=str(one.last),
        typical_s=seconds(one.usual),
        remark=word(one.remark),
    )


def _difference(one: Difference) -> Facts:
    return filled(
        what=word(one.what),
        left=word(one.left) or "-",
        right=word(one.right) or "-",
        matters=one.matters or None,
    )


def _is_parameter(one: Difference) -> bool:
    return one.what.startswith("Parameter ")
