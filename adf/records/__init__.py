"""What Data Factory told us, as frozen values; every room imports them from here."""

from adf.records.pipelines import (
    ActivityDefinition,
    Factory,
    Pipeline,
    PipelineDefinition,
    PipelineNotes,
)
from adf.records.reports import (
    ActivityTable,
    Cause,
    CauseStep,
    ErrorHistory,
    ItemCount,
    Meaning,
    Occurrence,
    PipelineList,
    RunList,
    RunReport,
)
from adf.records.runs import (
    ACTIVE,
    BROKEN,
    ActivityError,
    ActivityRun,
    InvokedBy,
    PipelineRun,
    RunStatus,
    TimeRange,
)
from adf.records.signals import Failure, Recovery, Signal
from adf.records.trends import (
    Bucket,
    Comparison,
    Difference,
    PipelineStats,
    RunStats,
)

__all__ = [
    "ACTIVE",
    "BROKEN",
    "ActivityDefinition",
    "ActivityError",
    "ActivityRun",
    "ActivityTable",
    "Bucket",
    "Cause",
    "CauseStep",
    "Comparison",
    "Difference",
    "ErrorHistory",
    "Factory",
    "Failure",
    "InvokedBy",
    "ItemCount",
    "Meaning",
    "Occurrence",
    "Pipeline",
    "PipelineDefinition",
    "PipelineList",
    "PipelineNotes",
    "PipelineRun",
    "PipelineStats",
    "Recovery",
    "RunList",
    "RunReport",
    "RunStats",
    "RunStatus",
    "Signal",
    "TimeRange",
]
