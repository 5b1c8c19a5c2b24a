"""change_card: what was changed, by whom and when, and whether that was between green and red."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.records import LOG_REACHES_BACK, Change, ChangedThing, ChangeLog
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import DEGRADED, FAILED, TELLING, StatusStyle
from cards.context import CardContext
from cards.text import Md, Said, count, line, macro, md, range_said, say, when, within_said

MOST_THINGS = 4
MOST_ELSEWHERE = 5
_RANGES = (
    ("48 h", "48 hours", timedelta(hours=48)),
    ("30 days", "30 days", timedelta(days=30)),
)
_NO_PROOF = "Timing alone does not prove that it was the cause."


def change_card(log: ChangeLog, reader: CardContext) -> Card:
    """What was changed of what was asked about, newest first, and what else was."""
    return fitted(lambda room: _draft(log, reader, room))


def _draft(log: ChangeLog, reader: CardContext, room: SizeLimit) -> CardDraft:
    said = _finding(log, reader)
    listed = [_row(one, log, reader) for one in log.changes]
    body: list[x.Element] = [
        header(_look(log), _title(log), _place(log, reader)),
        finding(said),
        *facts(_facts(log, reader)),
        *rows(listed, room.rows, "change"),
        *_elsewhere(log, reader, room),
        *[note(md(one, 200)) for one in log.gaps[:3]],
        *reader_note(reader.note),
        note(_small_print(log)),
    ]
    return CardDraft(
        kind="change_card",
        summary=_summary(log),
        body=body,
        actions=_buttons(log),
    )


def _look(log: ChangeLog) -> StatusStyle:
    return DEGRADED if log.between else TELLING


def _title(log: ChangeLog) -> Md:
    return say("Changes: {}", md(log.subject, LONGEST_NAME))


def _place(log: ChangeLog, reader: CardContext) -> Md:
    place = "" if log.subject == log.factory else f"{log.factory} · "
    label = range_said(log.time_range, log.as_of, reader.zone)
    return say("{}{} · as of {}", place, label, macro(log.as_of))


def _finding(log: ChangeLog, reader: CardContext) -> Md:
    """How many there were, and whether one was between the last green and the first red run."""
    span = within_said(log.time_range, reader.now, reader.zone)
    if not log.changes:
        beside = " Other changes are below." if log.elsewhere else ""
        return say("Nothing changed in {} {}.{}", log.subject, span, Md(beside))
    if log.turned_red is None:
        newest = log.changes[0]
        at = when(newest.at, reader.now, reader.zone)
        found = count(len(log.changes), "change")
        return say("{} {}, the last {} by {}.", found, span, at, _who(newest))
    if not log.between:
        return Md("Nothing of it changed between its last good run and its first failed one.")
    found = count(len(log.between), "change")
    return say("{} between its last good run and its first failed one. {}", found, Md(_NO_PROOF))


def _facts(log: ChangeLog, reader: CardContext) -> list[tuple[Said, Said]]:
    red = log.turned_red
    if red is None:
        return []
    words = "; ".join(red.differences)
    return [
        ("Good", _when(red.good_at, reader)),
        ("Failed", _when(red.bad_at, reader)),
        ("Differs", md(words[:1].upper() + words[1:], 300)),
    ]


def _row(one: Change, log: ChangeLog, reader: CardContext) -> ListRow:
    return ListRow(
        look=FAILED if not one.succeeded else DEGRADED if one in log.between else TELLING,
        title=_what(one),
        below=say("{}: {}", _when(one.at, reader), _things(one)),
        strong=one in log.between,
    )


def _what(one: Change) -> Md:
    """A deployment by its name, or what was done, and by whom; what was refused is no change."""
    tried = Md("") if one.succeeded else Md(" (failed)")
    if one.deployment:
        return say("Deployment {} by {}{}", md(one.deployment, LONGEST_NAME), _who(one), tried)
    if one.said:
        return say("{} by {}{}", md(one.said, 160), _who(one), tried)
    done = _done(one)
    return say("{} by {}{}", f"{done[:1].upper()}{done[1:]}", _who(one), tried)


def _who(one: Change) -> str:
    """The actor without the domain of a mail address, which clients make a link of."""
    return line(one.actor.partition("@")[0], 80)


def _done(one: Change) -> str:
    """All that was done, in a word or two."""
    return " and ".join(dict.fromkeys(thing.done for thing in one.things)) or "changed something"


def _things(one: Change) -> Md:
    if not one.things:
        return Md("its parts are not in the log")
    titled = "changed" if one.deployment or one.said else _done(one)
    named = [_thing(thing, titled) for thing in one.things[:MOST_THINGS]]
    rest = len(one.things) - MOST_THINGS
    return Md(", ".join(named) + (f" and {rest} more" if rest > 0 else ""))


def _thing(one: ChangedThing, titled: str) -> Md:
    known = one.relation and one.relation != "itself"
    how = say(" ({})", md(one.relation, 80)) if known else Md("")
    done = say(" {}", md(one.done, 80)) if one.done != titled else Md("")
    return say("{} {}{}{}", md(one.kind, 40), md(one.name, LONGEST_NAME), done, how)


def _elsewhere(log: ChangeLog, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    """Changes of other things: as a number beside changes of what was asked about, else each."""
    if not log.elsewhere:
        return []
    if log.changes:
        more = count(len(log.elsewhere), "other change")
        return [note(say("{} in {} in that time.", more, log.factory))]
    listed = [_row(one, log, reader) for one in log.elsewhere]
    listing = rows(listed, min(MOST_ELSEWHERE, room.rows), "change", name="changes elsewhere")
    return [section("Other changes"), *listing]


def _small_print(log: ChangeLog) -> Md:
    days = LOG_REACHES_BACK.days
    return say("From Azure's activity log, which reaches back {} days.", days)


def _summary(log: ChangeLog) -> str:
    name = line(log.subject, LONGEST_NAME)
    if not log.changes:
        return f"Changes: none found of {name}."
    newest = log.changes[0]
    what = f"deployment {line(newest.deployment, 80)}" if newest.deployment else "the last"
    found = count(len(log.changes), "change")
    return f"Changes: {found} of {name}, {what} by {_who(newest)}."


def _when(moment: datetime, reader: CardContext) -> Md:
    return when(moment, reader.now, reader.zone)


def _buttons(log: ChangeLog) -> Sequence[x.Element]:
    made: list[x.Element] = []
    if log.turned_red and log.pipeline:
        made.append(press.ask("Why did it fail", f"why did {log.pipeline} fail", first=True))
    of = f" in {log.subject}" if log.subject != log.factory else ""
    current = log.time_range.end - log.time_range.start
    if log.changes and log.elsewhere:
        made.append(press.edit("All changes", _all_changes(log)))
    return [
        *made,
        *(
            press.edit(title, f"what changed{of} in the last {words}")
            for title, words, length in _RANGES
            if length != current
        ),
    ]


def _all_changes(log: ChangeLog) -> str:
    hours = (log.as_of - log.time_range.start) / timedelta(hours=1)
    return f"what changed in the last {max(1, round(hours))} hours"
