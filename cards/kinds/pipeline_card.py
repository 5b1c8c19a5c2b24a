"""pipeline_card: what a pipeline does by its definition, who owns it, and what starts it."""

from adf.records import DescribedStep, PipelineDescription, StartedBy
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.text import Md, Said, count, due, duration, line, macro, md, names, say, when

KIND = "pipeline_card"
MOST_LISTED = 5
DEEPEST = 4


def pipeline_card(described: PipelineDescription, reader: CardContext) -> Card:
    """The activities in plain words, below what matters on call."""
    return fitted(lambda room: _draft(described, reader, room))


def _draft(described: PipelineDescription, reader: CardContext, room: SizeLimit) -> CardDraft:
    place = say("{} · as of {}", described.factory, macro(described.as_of))
    body: list[x.Element] = [
        header(TELLING, say("What {} does", md(described.name, LONGEST_NAME)), place),
        finding(_finding(described)),
        *reader_note(reader.note),
        *facts(_facts(described, reader)),
        *facts(_more_facts(described)),
    ]
    steps = [_row(one) for one in described.steps]
    if steps:
        body += [section("Activities"), *rows(steps, room.rows, "activity")]
    body += [note(say("Partial answer: {}.", gap)) for gap in described.gaps[:3]]
    return CardDraft(
        kind=KIND,
        summary=f"Information: what {line(described.name, LONGEST_NAME)} does. "
        f"{line(described.description, 160)}",
        body=body,
        actions=_buttons(described),
    )


def _finding(described: PipelineDescription) -> Md:
    """What its authors wrote, else how many activities it has."""
    if described.description:
        return md(described.description, 400)
    many = len(described.steps)
    if not many:
        return Md("It has no activities.")
    return say("Its definition has {}. Nobody wrote a description.", count(many, "activity"))


def _facts(described: PipelineDescription, reader: CardContext) -> list[tuple[Said, Said]]:
    return [
        ("Owner", Md(", ".join(_owner(described)))),
        ("Starts", _starts(described, reader)),
        ("Called by", names(described.callers, MOST_LISTED)),
        ("Takes", say("usually {}", duration(described.usual)) if described.usual else ""),
        ("Data due", due(described.due, reader.now)),
    ]


def _more_facts(described: PipelineDescription) -> list[tuple[Said, Said]]:
    runs = described.concurrency
    many = say("{} at a time, others wait", count(runs, "run")) if runs else Md("no limit is set")
    return [
        ("Reads", names(described.reads, MOST_LISTED, 80)),
        ("Writes", names(described.writes, MOST_LISTED, 80)),
        ("Params", _parameters(described)),
        ("Runs", many),
        ("Tags", names(described.annotations, MOST_LISTED)),
    ]


def _owner(described: PipelineDescription) -> list[Md]:
    if not described.owners:
        return [Md("not known")]
    return [say("{} ({})", one.who, one.source) for one in described.owners[:3]]


def _starts(described: PipelineDescription, reader: CardContext) -> Md:
    if not described.started_by:
        return Md(
            "by no trigger" if described.callers else "by no trigger; by hand or from outside"
        )
    return Md("; ".join(_trigger(one, reader) for one in described.started_by[:3]))


def _trigger(one: StartedBy, reader: CardContext) -> Md:
    state = Md("") if one.started else Md(", stopped")
    at = one.starts_next
    upcoming = say(", next {}", when(at, reader.now, reader.zone)) if at else Md("")
    return say("{} ({}{}{})", one.schedule or "on an event", one.trigger, state, upcoming)


def _parameters(described: PipelineDescription) -> Md:
    if not described.parameters:
        return Md("none")
    listed = [
        say("{} ({}{})", one.name, one.kind or "?", say(", default {}", one.default))
        if one.default
        else say("{} ({})", one.name, one.kind or "?")
        for one in described.parameters
    ]
    rest = len(listed) - MOST_LISTED
    first = ", ".join(listed[:MOST_LISTED])
    return Md(f"{first} and {rest} more" if rest > 0 else first)


def _row(one: DescribedStep) -> ListRow:
    inside = "› " * min(one.depth, DEEPEST)
    after = say(" · after {}", names(one.after, 3)) if one.after else Md("")
    return ListRow(
        look=ITEM,
        title=say("{}{}", Md(inside), md(one.name, LONGEST_NAME)),
        below=say("{}{}", md(one.words, 200), after),
    )


def _buttons(described: PipelineDescription) -> list[x.Element]:
    name = line(described.name, 200)
    return [
        press.ask("Status now", f"status of {name}", first=True),
        press.ask("Who waits for it", f"who waits for {name}"),
    ]
