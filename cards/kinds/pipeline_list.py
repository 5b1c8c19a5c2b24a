"""status_list of an inventory: the pipelines of a factory, the critical ones first."""

from adf.records import PipelineList
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.text import Md, bold, count, line, macro, md, say

KIND = "status_list"


def pipeline_list(listed: PipelineList, reader: CardContext) -> Card:
    """The pipelines of a factory, the critical ones first."""
    return fitted(lambda room: _inventory(listed, reader, room))


def _inventory(listed: PipelineList, reader: CardContext, room: SizeLimit) -> CardDraft:
    ordered = sorted(listed.pipelines, key=lambda one: (not one.notes.critical, one.name))
    made = [
        ListRow(
            look=ITEM,
            title=md(one.name, LONGEST_NAME),
            below=md(one.folder or "", 60),
            right="critical" if one.notes.critical else "",
            strong=one.notes.critical,
            question=f"status of {one.name}",
            spoken=f"Status: {line(one.name, 60)}",
        )
        for one in ordered
    ]
    total = count(len(made), "pipeline")
    fits = say(" with {} in the name", bold(listed.match)) if listed.match else Md("")
    return CardDraft(
        kind=KIND,
        summary=f"Information: {total} in {line(listed.factory, 60)}.",
        body=[
            header(TELLING, md(listed.factory), say("As of {}", macro(listed.as_of))),
            finding(say("{}{}.", total, fits)),
            *rows(made, room.rows, "pipeline"),
            *reader_note(reader.note),
        ],
        actions=[press.ask("What is running", "what is running")],
    )
