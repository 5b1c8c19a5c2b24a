"""Forms that unfold from a button; every field has a label and says what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from adaptive_cards.types import ActionStyle, ChoiceInputStyle

from cards import extension as x
from cards.components.buttons import sent, title_of
from cards.text import clean, line

MOST_CHOICES = 25


def form(title: str, fields: Sequence[x.Element], verb: str, data: Mapping[str, Any]) -> x.Element:
    """A button that unfolds fields and a second button that sends them."""
    send = x.ActionExecute(
        title=title_of(title),
        verb=verb,
        data=sent(data),
        style=ActionStyle.POSITIVE,
    )
    return x.ActionShowCard(title=title_of(title), card=x.TeamsCard(body=[*fields], actions=[send]))


def choose(
    name: str, label: str, choices: Sequence[tuple[str, str]], wrong: str, value: str | None = None
) -> x.InputChoiceSet:
    """A field to choose one of (title, value)."""
    return x.InputChoiceSet(
        id=name,
        label=clean(label),
        is_required=True,
        error_message=clean(wrong),
        style=ChoiceInputStyle.COMPACT,
        value=value,
        choices=[
            x.InputChoice(title=title_of(title, 80), value=line(chosen, 200))
            for title, chosen in choices[:MOST_CHOICES]
        ],
    )


def write(name: str, label: str, wrong: str, *, longest: int = 200) -> x.InputText:
    """A field to write a short reason in."""
    return x.InputText(id=name, label=clean(label), max_length=longest, error_message=clean(wrong))
