"""What a run card shows where there is no run: of which time, and what kept it from starting."""

from adf.records import RunList
from cards import extension as x
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, note
from cards.components.doubts import broken_upstream
from cards.components.layout import CardDraft
from cards.components.status_styles import SKIPPED, look_of
from cards.context import CardContext
from cards.links import pipeline_page
from cards.text import Md, bold, line, macro, md, say, sentence, when, within_range, within_said


def did_not_run(runs: RunList, reader: CardContext, kind: str) -> CardDraft:
    """That there was no run in the time, and what broke upstream, which may be why."""
    pipeline = runs.pipeline or "The pipeline"
    over = (runs.time_range, runs.as_of, reader.zone)
    label = within_range(*over)
    asked = " or ".join(look_of(status).word.lower() for status in runs.statuses)
    what = f"has no {asked} run" if asked else "did not run"
    page = pipeline_page(reader.studio, runs.factory, pipeline)
    is_length = label.startswith("in the ")
    since = say(", since {}", macro(runs.time_range.start)) if is_length else Md("")
    name = bold(pipeline, LONGEST_NAME)
    body: list[x.Element] = [
        header(SKIPPED, say("{} {}", md(pipeline, LONGEST_NAME), what), md(runs.factory)),
        *broken_upstream(pipeline, runs.upstream, reader),
        finding(say("{} {} {}{}.", name, what, within_said(*over), since)),
        *([finding(sentence(reader.note))] if reader.note else []),
        note(say("As of {}", when(runs.as_of, reader.now, reader.zone))),
    ]
    return CardDraft(
        kind=kind,
        summary=f"No run: {line(pipeline, LONGEST_NAME)} {what} {label}.",
        body=body,
        actions=[
            press.ask("What is running", "what is running"),
            *press.open_page("Open in Studio", page),
        ],
    )
