"""One activity run as a row of a list: its state, its name with the item, what it moved."""

from adf.records import BROKEN, ActivityRun
from cards.components.blocks import LONGEST_NAME
from cards.components.rows import ListRow
from cards.components.status_styles import SKIPPED, look_of
from cards.text import Md, count, duration, line, md, say


def activity_row(one: ActivityRun) -> ListRow:
    """One activity run: its state, its name with the item, what it moved, how long."""
    look = look_of(one.status)
    item = say(" [{}]", one.item) if one.item else Md("")
    return ListRow(
        look=look,
        title=Md(f"{md(one.name, LONGEST_NAME)}{item}"),
        below=md(beside(one)),
        right=md(duration(one.duration)) if one.duration and look is not SKIPPED else "",
        strong=one.status in BROKEN,
    )


def beside(one: ActivityRun, *, kind: bool = True) -> str:
    """What stands below an activity run's name: its kind, its state, what it moved."""
    parts = [line(one.kind, 40)] if kind and one.kind else []
    return " · ".join([*parts, look_of(one.status).word.lower(), *_moved(one)])


def _moved(one: ActivityRun) -> list[str]:
    """What a copy read and wrote, where it says so."""
    parts = [
        f"{count(number, 'row')} {verb}"
        for number, verb in ((one.rows_read, "read"), (one.rows_copied, "copied"))
        if number is not None
    ]
    return [", ".join(parts)] if parts else []
