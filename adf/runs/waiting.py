"""How long a run waited before it worked, as its activity runs say.

Its own start is the moment it was queued, and its duration counts from there: a run that waited 90
minutes for its place and worked for 18 has a duration of 108.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from adf.records import ActivityRun, PipelineRun

# A first activity begins a second or two after its run does.
LEAST_WAIT = timedelta(minutes=1)


def with_wait(run: PipelineRun, activity_runs: Iterable[ActivityRun]) -> PipelineRun:
    """The run with the moment its work began, where it waited before; every attempt is needed."""
    starts = [one.start for one in activity_runs if one.start]
    if run.start is None or not starts:
        return run
    began = min(starts)
    return replace(run, working_since=began) if began - run.start >= LEAST_WAIT else run
