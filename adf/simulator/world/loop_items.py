"""The rows of a loop's items: those told apart, and the rest made up to the counts told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from adf.simulator.runs import FAILED, IN_PROGRESS, SKIPPED, SUCCEEDED
from adf.simulator.world.run_specs import ActivitySpec, Inner, RunSpec, StepSpec, inner_of
from adf.simulator.world.step_timing import Span, fit_items, share

_INNER_TEXT = re.compile(r"Inner activity name: (?P<name>[^,]+), Error: (?P<text>.*)", re.DOTALL)


def rows_told(told: RunSpec, step: StepSpec, span: Span) -> Iterator[tuple[ActivitySpec, Span]]:
    """Every inner row of a loop with its times; none of a loop that has not begun."""
    if span.start is None:
        return
    inner = inner_steps(told, step)
    items = list(_items(told, step, inner))
    spans = fit_items(len(items), span.start, span.end or told.until)
    for rows, whole in zip(items, spans, strict=True):
        for row, at in zip(rows, share(whole, len(rows)), strict=True):
            yield row, _told_or_fitted(row, at)


def inner_steps(told: RunSpec, step: StepSpec) -> tuple[Inner, ...]:
    """What the loop repeats: by its rows, by other runs of the pipeline, by the message."""
    found = inner_of(step.told) or told.inner.get(step.spec.name)
    if found:
        return found
    text = _INNER_TEXT.search(step.spec.error or told.run.message)
    name = text["name"].strip() if text else f"Copy_{step.spec.name.removeprefix('ForEach_')}"
    return (Inner(name=name, kind="Copy"),)


def _items(told: RunSpec, step: StepSpec, inner: Sequence[Inner]) -> Iterator[list[ActivitySpec]]:
    """Rows by item: invented ones that succeeded, those told, invented ones that broke."""
    by_item: dict[str, list[ActivitySpec]] = {}
    for row in step.told:
        by_item.setdefault(row.item or "", []).append(row)
    broken = sum(any(row.status == FAILED for row in rows) for rows in by_item.values())
    well = sum(all(row.status == SUCCEEDED for row in rows) for rows in by_item.values())
    succeeded, failed = _counts(step.spec, len(by_item), well, broken)
    names = _invented(step.spec, by_item)
    for _ in range(succeeded):
        yield [_inner_row(one, next(names), SUCCEEDED) for one in inner]
    for item, rows in by_item.items():
        yield _completed(inner, item, rows)
    for _ in range(failed):
        yield _broken_rows(told, step, inner, next(names))


def _counts(spec: ActivitySpec, told: int, well: int, broken: int) -> tuple[int, int]:
    """How many more items succeeded and failed than the rows tell."""
    failed = max((spec.failed or 0) - broken, 0)
    if spec.succeeded is not None:
        return max(spec.succeeded - well, 0), failed
    rest = 0 if spec.status == IN_PROGRESS else (spec.items or 0) - told - failed
    return max(rest, 0), failed


def _invented(spec: ActivitySpec, known: dict[str, list[ActivitySpec]]) -> Iterator[str]:
    taken = {name.lower() for name in known}
    for name in spec.item_names:
        if name.lower() not in taken:
            yield name
    number = 0
    while True:
        number += 1
        name = f"Item_{number:02}"
        if name.lower() not in taken:
            yield name


def _inner_row(one: Inner, item: str, status: str) -> ActivitySpec:
    return ActivitySpec(name=one.name, kind=one.kind, status=status, calls=one.calls, item=item)


def _completed(
    inner: Sequence[Inner], item: str, rows: Sequence[ActivitySpec]
) -> list[ActivitySpec]:
    """An item's rows with the steps not told: done before a break, skipped after it."""
    told = {row.name: row for row in rows}
    done: list[ActivitySpec] = []
    for one in inner:
        row = told.get(one.name)
        if row is None and done and done[-1].status == IN_PROGRESS:
            break
        stopped = any(before.status in (FAILED, SKIPPED) for before in done)
        done.append(row or _inner_row(one, item, SKIPPED if stopped else SUCCEEDED))
    return done


def _broken_rows(
    told: RunSpec, step: StepSpec, inner: Sequence[Inner], item: str
) -> list[ActivitySpec]:
    """An invented item that broke as the others did."""
    model = next((row for row in step.told if row.status == FAILED), None)
    if model is None:
        text = _INNER_TEXT.search(step.spec.error or told.run.message)
        last = inner[-1]
        row = _inner_row(last, item, FAILED)
        model = replace(row, error=text["text"] if text else "")
    row = replace(model, item=item, start=None, end=None, child=None, measures={})
    return _completed(inner, item, [row])


def _told_or_fitted(row: ActivitySpec, fitted: Span) -> Span:
    if row.status == SKIPPED:
        return Span()
    child = row.child
    start = row.start or (child.start if child else None) or fitted.start
    end = row.end or (child.end if child else None) or fitted.end
    if row.status == IN_PROGRESS:
        return Span(start=start)
    return Span(start=start, end=max(start, end) if start and end else end)
