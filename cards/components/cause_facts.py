"""What a card says of the cause of a failure in facts: where it broke, how often it was tried."""

from adf.records import Cause, ItemCount
from cards.text import Md, Said, count, md, names, say

MOST_LEVELS = 8


def cause_facts(cause: Cause) -> tuple[tuple[Said, Said], ...]:
    """The way down to the cause, the items that failed, and how often it was tried."""
    return (
        ("Where", _path(cause)),
        ("Items", _items(cause.items) if cause.items else ""),
        ("Attempts", _attempts(cause)),
    )


def _attempts(cause: Cause) -> Md:
    """How often Data Factory tried the activity; its first retry has the number 1."""
    retries = max((one.retry_attempt or 0 for one in cause.failed), default=0)
    return say("{}, all failed", retries + 1) if retries else Md("")


def _path(cause: Cause) -> Said:
    """The way down: pipeline › activity › child pipeline › activity."""
    if len(cause.path) < 2:
        return ""
    steps = [cause.path[0].pipeline, cause.path[0].activity]
    for above, step in zip(cause.path, cause.path[1:], strict=False):
        steps += [step.pipeline] if step.run_id != above.run_id else []
        steps.append(step.activity)
    if len(steps) > MOST_LEVELS:
        steps = [*steps[: MOST_LEVELS // 2], "…", *steps[-MOST_LEVELS // 2 :]]
    return Md(" › ".join(md(one, 60) for one in steps))


def _items(items: ItemCount) -> Md:
    total = count(items.total, "item")
    failed = say("{} of {} succeeded, {} failed", items.succeeded, total, items.failed)
    return say("{}: {}", failed, names(items.names, 6)) if items.names else failed


def rows_moved(cause: Cause) -> Md:
    """What the failed activity moved before it broke."""
    broken = cause.failed[0] if cause.failed else None
    if broken is None or broken.rows_read is None:
        return Md("")
    copied = f", {broken.rows_copied:,} copied" if broken.rows_copied is not None else ""
    return md(f"{broken.rows_read:,} read{copied}")
