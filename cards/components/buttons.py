"""What can be pressed. A button asks a question in the presser's name, or opens a page of ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from adaptive_cards.types import ActionStyle

from cards import extension as x
from cards.text import clean, line, unlinked

LONGEST_TITLE = 24
MOST_PRIMARY = 4


def title_of(text: str, longest: int = LONGEST_TITLE) -> str:
    """What stands on a button; never nothing, because that could be neither seen nor heard."""
    return unlinked(line(text, longest)) or "…"


def ask(title: str, question: str, *, first: bool = False, more: bool = False) -> x.ActionExecute:
    """A button that asks a question; `first` is the likely next step, `more` the overflow menu."""
    return x.ActionExecute(
        title=title_of(title),
        verb="ask",
        data={"question": line(question, 500)},
        style=ActionStyle.POSITIVE if first else None,
        mode="secondary" if more else None,
    )


def edit(title: str, question: str, *, first: bool = False) -> x.ActionExecute:
    """A button whose answer takes the place of the card: as of now, another range or filter."""
    return ask(title, question, first=first).model_copy(update={"verb": "edit"})


def press(title: str, question: str) -> x.ActionExecute:
    """The same for a whole row that is pressed: its title is what a screen reader says."""
    return x.ActionExecute(
        title=title_of(title, 80), verb="ask", data={"question": line(question, 500)}
    )


def act(
    title: str, verb: str, data: Mapping[str, Any], *, first: bool = False, danger: bool = False
) -> x.ActionExecute:
    """A button that changes something; what it may change is stored on the server, under its id."""
    style = ActionStyle.DESTRUCTIVE if danger else ActionStyle.POSITIVE if first else None
    return x.ActionExecute(title=title_of(title), verb=verb, data=sent(data), style=style)


def sent(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a button sends, as JSON can carry it."""
    return {key: clean(one, 200) if isinstance(one, str) else one for key, one in data.items()}


def button_row(buttons: Sequence[x.Element]) -> list[x.Element]:
    """Buttons in the middle of a card, where they stand on the first screen."""
    return [x.ActionSet(actions=ordered(buttons), spacing="Medium")] if buttons else []


def ordered(buttons: Sequence[x.Element]) -> list[x.Element]:
    """Four buttons in sight, the others in the overflow menu."""
    menu = [one for one in buttons if _in_menu(one)]
    shown = [one for one in buttons if not _in_menu(one)]
    late = [one.model_copy(update={"mode": "secondary"}) for one in shown[MOST_PRIMARY:]]
    return [*shown[:MOST_PRIMARY], *late, *menu]


def _in_menu(button: x.Element) -> bool:
    return getattr(button, "mode", None) == "secondary"


def open_page(title: str, url: str | None, tooltip: str = "") -> list[x.ActionOpenUrl]:
    """A button that opens an address built in cards/links.py; none without an address."""
    if not url:
        return []
    return [x.ActionOpenUrl(title=title_of(title), url=url, tooltip=line(tooltip) or None)]


def toggle(title: str, *names: str) -> x.ActionToggleVisibility:
    """A button that shows or hides parts of the card."""
    return x.ActionToggleVisibility(title=title_of(title), target_elements=[*names], mode=None)
