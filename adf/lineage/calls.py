"""Dependencies by control flow: who starts whom, who fails with whom, and who comes after whom."""

from collections.abc import Iterator, Mapping, Sequence

from adf.lineage.walk import Step, all_of
from adf.records import Certainty, LineageEdge, LineageEffect, LineageKind

_SUCCEEDED = frozenset({"succeeded"})


def call_pairs(caller: str, steps: Sequence[Step]) -> Iterator[tuple[str, str]]:
    """Every (caller, called) of a pipeline, also of calls that nobody waits for."""
    for one in all_of(steps):
        if one.called:
            yield caller, one.called


def call_edges(caller: str, steps: Sequence[Step]) -> Iterator[LineageEdge]:
    """What starts with a pipeline, what takes it along when it fails, and what then is skipped."""
    yield from _in_scope(caller, steps, handled=False)


def _in_scope(caller: str, steps: Sequence[Step], *, handled: bool) -> Iterator[LineageEdge]:
    """One list of activities: what stands inside a container breaks the container."""
    followers = _followers(steps)
    for step in steps:
        is_handled = handled or _is_handled(step, steps)
        if step.called:
            yield from _of_call(caller, step, step.called, handled=is_handled)
        for inner in step.inner:
            yield from _in_scope(caller, inner, handled=is_handled)
        yield from _skipped(caller, step, followers[step.name])


def _of_call(caller: str, step: Step, called: str, *, handled: bool) -> Iterator[LineageEdge]:
    yield LineageEdge(
        source=caller,
        target=called,
        kind=LineageKind.START,
        effect=LineageEffect.SKIPPED,
        certainty=Certainty.CERTAIN,
        via=step.name,
    )
    if step.waits:
        yield LineageEdge(
            source=called,
            target=caller,
            kind=LineageKind.CALL,
            effect=LineageEffect.FAILS,
            # Where a failure path follows, the caller may well end green.
            certainty=Certainty.POSSIBLE if handled else Certainty.CERTAIN,
            via=step.name,
        )


def _skipped(caller: str, step: Step, later: Sequence[Step]) -> Iterator[LineageEdge]:
    """What is not started any more once a call inside the step has failed."""
    failing = dict.fromkeys(one.called for one in step.all() if one.called and one.waits)
    after = dict.fromkeys(one.called for next_step in later for one in next_step.all())
    for source in failing:
        for target in after:
            if target and target.lower() != source.lower():
                yield LineageEdge(
                    source=source,
                    target=target,
                    kind=LineageKind.SEQUENCE,
                    effect=LineageEffect.SKIPPED,
                    certainty=Certainty.CERTAIN,
                    via=caller,
                )


def _followers(steps: Sequence[Step]) -> Mapping[str, Sequence[Step]]:
    """Per activity those that only start when it succeeded, however far behind it."""
    direct: dict[str, list[Step]] = {one.name: [] for one in steps}
    for one in steps:
        for before, wanted in one.after.items():
            if before in direct and wanted <= _SUCCEEDED:
                direct[before].append(one)
    return {name: _all_behind(name, direct) for name in direct}


def _all_behind(name: str, direct: Mapping[str, Sequence[Step]]) -> Sequence[Step]:
    found: dict[str, Step] = {}
    todo = [name]
    while todo:
        for one in direct.get(todo.pop(), ()):
            if one.name not in found:
                found[one.name] = one
                todo.append(one.name)
    return list(found.values())


def _is_handled(step: Step, steps: Sequence[Step]) -> bool:
    """Whether something starts when the step fails."""
    return any(
        not step_after <= _SUCCEEDED and step_after & {"failed", "completed"}
        for one in steps
        if (step_after := one.after.get(step.name)) is not None
    )
