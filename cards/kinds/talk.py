"""help_card, picker_card, error_card: what the bot says about itself and asks back."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import bullets, facts, finding, header, note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import choices
from cards.components.status_styles import ASKING, DEGRADED, TELLING
from cards.context import CardContext
from cards.links import allowed
from cards.records import Choice, Help, Picker, Problem
from cards.text import Md, line, md, say, when

MOST_CHOICES = 12
_AREAS = {
    "identity": "The bot could not sign in",
    "permission": "The bot may not look there",
    "name": "Nothing has that name",
    "window": "Outside the time range",
    "throttling": "Azure is busy",
    "network": "Data Factory could not be reached",
    "input": "That did not work as asked",
    "remote": "Another server could not be asked",
    "internal": "A fault of the bot itself",
}


def help_card(helping: Help, reader: CardContext) -> Card:
    """What can be asked, with examples to press."""
    return fitted(lambda room: _help(helping, reader, room))


def picker_card(picker: Picker, reader: CardContext) -> Card:
    """A question back, with the answers to press."""
    return fitted(lambda room: _picker(picker, reader, room))


def error_card(trouble: Problem, reader: CardContext) -> Card:
    """What could not be answered: what it is, who can mend it and how, what was last known."""
    return fitted(lambda room: _trouble(trouble, reader, room))


def _help(helping: Help, reader: CardContext, room: SizeLimit) -> CardDraft:
    name = line(helping.bot_name, 60)
    return CardDraft(
        kind="help_card",
        summary=f"Help: what {name} can be asked.",
        body=[
            header(TELLING, md(name), "What can be asked here"),
            *bullets([md(one, 300) for one in helping.notes[:12]]),
            *([section("Try it")] if helping.examples else []),
            *choices(helping.examples, min(MOST_CHOICES, room.rows)),
            *_noted(reader),
        ],
    )


def _picker(picker: Picker, reader: CardContext, room: SizeLimit) -> CardDraft:
    return CardDraft(
        kind="picker_card",
        summary=f"Question: {line(picker.question, 200)}",
        body=[
            header(ASKING, md(picker.question, 300), "Press one, or write it"),
            *choices(picker.choices, min(MOST_CHOICES, room.rows)),
            *_noted(reader),
        ],
    )


def _trouble(trouble: Problem, reader: CardContext, room: SizeLimit) -> CardDraft:
    title = _AREAS.get(trouble.area, _AREAS["internal"])
    return CardDraft(
        kind="error_card",
        summary=f"Trouble: {title}. {line(trouble.happened, 180)}",
        body=[
            header(DEGRADED, md(title), say("Asked: {}", line(trouble.asked, 120) or "nothing")),
            finding(md(trouble.happened, 600)),
            *facts(
                [
                    ("Mend", md(trouble.mend, 400)),
                    ("Who", md(trouble.who, 120)),
                    ("Known", _last_known(trouble, reader)),
                    ("Code", md(trouble.code or "", 60)),
                ]
            ),
            *choices(trouble.choices, min(MOST_CHOICES, room.rows)),
            *_noted(reader),
        ],
        actions=_ways_out(trouble),
    )


def _last_known(trouble: Problem, reader: CardContext) -> Md:
    if not trouble.last_known:
        return Md("")
    known, as_of = md(trouble.last_known, 300), trouble.as_of
    return say("{} (as of {})", known, when(as_of, reader.now, reader.zone)) if as_of else known


def _ways_out(trouble: Problem) -> list[x.Element]:
    again = Choice(title="Ask again", question=trouble.asked)
    made: list[x.Element] = []
    if trouble.area in {"throttling", "network", "internal"} and trouble.asked.strip():
        made.append(press.ask(again.title, again.question, first=True))
    return [*made, *press.open_page("Azure portal", allowed(trouble.link))]


def _noted(reader: CardContext) -> list[x.Element]:
    return [note(md(reader.note))] if reader.note else []
