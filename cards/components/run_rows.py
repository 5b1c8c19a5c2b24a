"""Runs of one pipeline as rows, one for each: how it ended, when, and how long it took."""

from adf.records import ACTIVE, BROKEN, PipelineRun, RunCheck, RunList
from cards.components.doubts import first_doubt, style_of
from cards.components.rows import ListRow
from cards.context import CardContext
from cards.text import Md, duration, md, say, short_id, when


def run_rows(listed: RunList, reader: CardContext) -> list[ListRow]:
    """A row for each run, newest first as they are listed."""
    return [_row(run, listed, reader) for run in listed.runs]


def _row(run: PipelineRun, listed: RunList, reader: CardContext) -> ListRow:
    check = listed.check_of(run.run_id)
    doubt = check if check and check.doubts else None
    look = style_of(run, doubt)
    broke, moment = run.status in BROKEN, run.end or run.start
    at = say(" {}", when(moment, reader.now, reader.zone)) if moment else Md("")
    short = short_id(run.run_id)
    return ListRow(
        look=look,
        title=say("{}{}", look.word, at),
        below=Md(" · ".join([*_length(run, reader), say("run {}", short), *_doubted(doubt)])),
        strong=broke or doubt is not None,
        question=f"why did run {run.run_id} fail" if broke else f"status of run {run.run_id}",
        spoken=f"{look.word}: run {short}",
    )


def _length(run: PipelineRun, reader: CardContext) -> list[Md]:
    lasted = run.lasted(reader.now)
    if lasted is None:
        return []
    return [say("for {}" if run.status in ACTIVE else "after {}", duration(lasted))]


def _doubted(doubt: RunCheck | None) -> list[Md]:
    return [md(first_doubt(doubt, 160))] if doubt else []
