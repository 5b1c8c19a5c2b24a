"""ir_card and change_card: what the pipelines stand on, and what was changed under them."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import FAILED, ITEM, SUCCEEDED, TELLING
from cards.context import CardContext
from cards.planned import Change, ChangeLog, RuntimeReport
from cards.text import Md, bold, brief, count, line, macro, md, names, over_range, say, time_macro


def runtime_card(runtime: RuntimeReport, reader: CardContext) -> Card:
    """Whether an integration runtime is online, since when not, and who stands still."""
    return fitted(lambda room: _runtime(runtime, reader, room))


def change_card(log: ChangeLog, reader: CardContext) -> Card:
    """What was changed, by whom, newest first."""
    return fitted(lambda room: _changes(log, reader, room))


def _runtime(runtime: RuntimeReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    name = line(runtime.name, LONGEST_NAME)
    look = SUCCEEDED if runtime.online else FAILED
    state = line(runtime.state, 40).lower()
    nodes = [
        ListRow(
            look=SUCCEEDED if one.online else FAILED,
            title=md(one.name, 80),
            below="online" if one.online else "offline",
            right=md(one.version, 20),
        )
        for one in runtime.nodes
    ]
    body: list[x.Element] = [
        header(
            look,
            say("{} is {}", name, state),
            say("{} · {} · as of {}", runtime.factory, runtime.kind, macro(runtime.as_of)),
        ),
        finding(_standing_still(runtime)),
        *facts(
            [
                ("Nodes", md(count(len(runtime.nodes), "node")) if len(runtime.nodes) > 1 else ""),
                ("Used by", names(runtime.used_by, 6) if runtime.used_by else ""),
                ("Busy", names(runtime.busy, 6) if runtime.busy else "no run uses it right now"),
            ]
        ),
        *rows(nodes, min(8, room.rows), "nodes"),
    ]
    word = "Online" if runtime.online else "Offline"
    return CardDraft(
        kind="ir_card",
        summary=f"{word}: integration runtime {name}. {count(len(runtime.busy), 'run')} using it.",
        body=body,
        actions=[
            press.ask("What failed", "which pipelines failed in the last 24 hours"),
            press.ask("What is running", "what is running"),
        ],
    )


def _standing_still(runtime: RuntimeReport) -> Md:
    if runtime.online:
        return Md("It is connected and takes work.")
    since = say(" since {}", macro(runtime.last_connect)) if runtime.last_connect else Md("")
    if not runtime.used_by:
        return say("It has been offline{}.", since)
    still = bold(count(len(runtime.used_by), "pipeline"))
    return say("It has been offline{}: {} cannot work.", since, still)


def _changes(log: ChangeLog, reader: CardContext, room: SizeLimit) -> CardDraft:
    about = say(" of {}", log.about) if log.about else Md("")
    total = count(len(log.changes), "change")
    body: list[x.Element] = [
        header(
            TELLING,
            say("{}{} {}", total, about, over_range(log.time_range, reader.now, reader.zone)),
            md(log.factory),
        ),
        *rows([_change(one, reader) for one in log.changes], room.rows, "changes"),
    ]
    if not log.changes:
        body.append(finding("Nothing was changed in this time."))
    newest = f" Last: {line(log.changes[0].what, 100)}." if log.changes else ""
    return CardDraft(
        kind="change_card",
        summary=f"Information: {total} in {line(log.factory, 60)}.{newest}",
        body=body,
        actions=[press.ask("What failed", "which pipelines failed in the last 48 hours")],
    )


def _change(one: Change, reader: CardContext) -> ListRow:
    touched = say(" · {}", names(one.touched, 4, 40)) if one.touched else Md("")
    return ListRow(
        look=ITEM,
        title=md(one.what, LONGEST_NAME),
        below=say("by {} at {}{}", one.by or "unknown", time_macro(one.at), touched),
        right=brief(one.at, reader.now, reader.zone),
    )
