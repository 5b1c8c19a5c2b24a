"""Data Factory's rule for how a sequence of activities ended, and the words it ends with."""

from collections.abc import Iterator, Mapping, Sequence

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.execution.results import StepResult
from adf.simulator.runs import SKIPPED, SimulatedError
from adf.simulator.world.activity_runs import inner_failure


def is_due(step: GraphStep, known: Mapping[str, StepResult]) -> bool:
    """Whether everything a step waits for ended the way it waits for."""
    waits = ((known.get(name), wanted) for name, wanted in step.waits_for)
    return all(done is None or done.status in wanted for done, wanted in waits)


def broke(steps: Sequence[GraphStep], known: Mapping[str, StepResult]) -> StepResult | None:
    """The step a sequence fails with: the first one broken among its last ones.

    A last step that was skipped speaks for those it waited for; so an error that was handled by a
    step of its own does not fail the sequence, but one that made a step be skipped does.
    """
    awaited = {name for step in steps for name, _ in step.waits_for}
    last = [step.name for step in steps if step.name not in awaited]
    found = [done for done in _speaking(last, known) if done.is_broken]
    return min(found, key=lambda done: done.end or done.since, default=None)


def _speaking(names: Sequence[str], known: Mapping[str, StepResult]) -> Iterator[StepResult]:
    asked, open_names = set[str](), list(names)
    while open_names:
        name = open_names.pop()
        done = known.get(name)
        if name in asked or done is None:
            continue
        asked.add(name)
        if done.status == SKIPPED:
            open_names += [above for above, _ in done.step.waits_for]
        else:
            yield done


def container_error(broken: StepResult) -> SimulatedError:
    """What a container fails with when a step inside it did."""
    message = broken.error.message if broken.error else ""
    return SimulatedError(code="ActionFailed", message=inner_failure(broken.step.name, message))


def run_message(broken: StepResult | None) -> str:
    """What a run says of itself; nothing when it went well."""
    if broken is None:
        return ""
    message = broken.error.message if broken.error else ""
    return f"Operation on target {broken.step.name} failed: {message}"
