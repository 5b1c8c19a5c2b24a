"""The ADF questions, one typed function each."""

from adf.tools.errors import adf_explain_error
from adf.tools.pipelines import adf_list_pipelines
from adf.tools.runs import adf_error_history, adf_pipeline_activity_runs, adf_pipeline_runs
from adf.tools.scope import Adf
from adf.tools.trends import adf_compare_runs, adf_run_stats

ADF_TOOLS = (
    adf_compare_runs,
    adf_error_history,
    adf_explain_error,
    adf_list_pipelines,
    adf_pipeline_activity_runs,
    adf_pipeline_runs,
    adf_run_stats,
)

__all__ = ["ADF_TOOLS", "Adf"]
