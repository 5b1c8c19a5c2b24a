"""uses_card: which pipelines use a linked service, dataset, runtime, table or secret, and where."""

from adf.records import Certainty, ResourceUse, UsedResource, UseReport
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, choices, rows
from cards.components.status_styles import ASKING, ITEM, TELLING
from cards.context import CardContext
from cards.records import Choice
from cards.text import Md, count, line, md, names, say

KIND = "uses_card"
MOST_ACTIVITIES = 4
MOST_SECTIONS = 4
MOST_SIMILAR = 5


def uses_card(report: UseReport, reader: CardContext) -> Card:
    """A row for each pipeline; where nothing has the name, what is called alike."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: UseReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    title = _title(report)
    look = TELLING if report.found else ASKING
    body: list[x.Element] = [header(look, md(title, 200), say("{}", report.factory))]
    body += reader_note(reader.note)
    for one in report.found[:MOST_SECTIONS]:
        body += _section(one, room, alone=len(report.found) == 1)
    if len(report.found) > MOST_SECTIONS:
        body.append(note(say("{} more have that name.", len(report.found) - MOST_SECTIONS)))
    if not report.found:
        body += _unknown(report)
    if report.found:
        body.append(note(Md("Not covered: names chosen at run time, and what code uses.")))
    body += [note(say("Partial answer: {}.", gap)) for gap in report.gaps[:3]]
    return CardDraft(
        kind=KIND, summary=f"{look.word}: {title}.", body=body, actions=_buttons(report)
    )


def _title(report: UseReport) -> str:
    name = line(report.name, LONGEST_NAME)
    if not report.found:
        return f"Nothing is called {name}"
    users = len({use.pipeline for one in report.found for use in one.uses})
    what = f"{report.found[0].kind} {line(report.found[0].name, LONGEST_NAME)}"
    subject = what if len(report.found) == 1 else name
    verb = "uses" if users == 1 else "use"
    return (
        f"{count(users, 'pipeline')} {verb} {subject}" if users else f"No pipeline uses {subject}"
    )


def _section(one: UsedResource, room: SizeLimit, *, alone: bool) -> list[x.Element]:
    made: list[x.Element] = []
    if not alone:
        many = count(len(one.uses), "pipeline")
        made.append(section(say("{} {}: {}", Md(str(one.kind)), one.name, many)))
    if one.resources:
        made.append(finding(say("Also used by {}.", names(one.resources, 6, 80))))
    elif not one.uses:
        made.append(finding(Md("Nothing in the definitions refers to it.")))
    listed = [_row(use) for use in one.uses]
    return [*made, *rows(listed, room.rows, "pipeline", name=f"{one.kind}_{one.name}"[:40])]


def _row(use: ResourceUse) -> ListRow:
    parts = [names(use.activities, MOST_ACTIVITIES, 60)] if use.activities else []
    parts += [say("through {}", names(use.through, 2, 80))] if use.through else []
    parts += [] if use.certainty is Certainty.CERTAIN else [Md("by its SQL (likely)")]
    return ListRow(
        look=ITEM,
        title=md(use.pipeline, LONGEST_NAME),
        below=Md(" · ".join(parts)),
        question=f"status of {use.pipeline}",
        spoken=f"Status of {line(use.pipeline, 60)}",
    )


def _unknown(report: UseReport) -> list[x.Element]:
    said = Md("No pipeline, dataset, linked service, runtime, table, or secret has that name.")
    made: list[x.Element] = [finding(said)]
    if report.similar:
        made.append(section("Similar names"))
        offered = [Choice(title=one, question=f"what uses {one}") for one in report.similar]
        made += choices(offered, MOST_SIMILAR)
    return made


def _buttons(report: UseReport) -> list[x.Element]:
    users = [use.pipeline for one in report.found for use in one.uses]
    if len(set(users)) != 1:
        return []
    return [press.ask("What it does", f"what does {line(users[0], 200)} do", first=True)]
