"""The ADF questions, one typed function each."""

from adf.tools.pipelines import adf_list_pipelines
from adf.tools.runs import adf_pipeline_activity_runs, adf_pipeline_runs
from adf.tools.scope import Adf

ADF_TOOLS = (adf_list_pipelines, adf_pipeline_activity_runs, adf_pipeline_runs)

__all__ = ["ADF_TOOLS", "Adf"]
