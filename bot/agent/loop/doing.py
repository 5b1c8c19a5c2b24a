"""What is being looked up, in words for whoever waits."""

from collections.abc import Mapping, Sequence

from bot.agent.loop.steps import AskedCall

THINKING = "Asking the language model"
_DOING: Mapping[str, str] = {
    "adf_compare_runs": "Comparing two runs",
    "adf_error_history": "Looking whether it happened before",
    "adf_list_pipelines": "Reading the list of pipelines",
    "adf_pipeline_activity_runs": "Looking inside a run",
    "adf_pipeline_runs": "Looking at runs",
    "adf_run_stats": "Reckoning how it went over time",
}


def doing(asked: Sequence[AskedCall]) -> str:
    """One line for the calls that begin now."""
    told = dict.fromkeys(_DOING.get(one.name, "Looking something up") for one in asked)
    return ", ".join(told)
