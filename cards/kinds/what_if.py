"""docs_answer of an act that nobody asked for yet: what it would do, and what it would not."""

from cards import extension as x
from cards.card import Card
from cards.components import action_effects as effects
from cards.components import action_warnings as against
from cards.components import buttons as press
from cards.components.blocks import bullets, facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import TELLING
from cards.context import CardContext
from cards.records import WhatIf
from cards.text import Md, line, md, say, sentence

KIND = "docs_answer"


def what_if(record: WhatIf, reader: CardContext) -> Card:
    """What an act would do if somebody asked for it and it was approved."""
    return fitted(lambda room: _draft(record, reader, room))


def _draft(record: WhatIf, reader: CardContext, room: SizeLimit) -> CardDraft:
    preview, known = record.preview, record.facts
    speaks_against, staying = against.warnings(preview, known, reader), effects.stays(preview)
    will = [*effects.effects(preview, reader)]
    will += [one for one in [effects.queued_behind(known)] if one]
    act = effects.in_words(preview.target)
    body: list[x.Element] = [
        header(TELLING, md(record.question, 200), say("{} · {}?", preview.target.factory, act)),
        finding(_verdict(record, speaks_against)),
        *against.quoted_error(known, room.error),
        *([section("What would stay"), *bullets(staying[:3])] if staying else []),
        *(
            [section("What would happen"), *bullets(will[: 7 if room.extras else 3])]
            if will
            else []
        ),
        *facts(
            [
                ("Before", against.history(known, reader)),
                ("Waiting", against.waiting(known, reader.now)),
            ]
        ),
        note("Nothing was done. Ask for it, and I propose it with a button."),
        *reader_note(reader.note),
    ]
    gist = next(iter([*staying, *speaks_against]), "no reason not to")
    return CardDraft(
        kind=KIND,
        summary=f"Answer: {effects.plainly(preview.target)}: {line(gist, 160)}",
        body=body,
        actions=[press.ask("Propose it…", effects.question_for(record.preview.target), first=True)],
    )


def _verdict(record: WhatIf, speaks_against: list[Md]) -> Md:
    if record.obstacle:
        return sentence(record.obstacle, 400)
    return Md(" ".join(speaks_against[:3])) if speaks_against else Md("I see no reason not to.")
