"""What Teams knows and adaptive-cards-py does not, as typed elements that nest in the library's.

The library's containers are subclassed so that they hold any element; an element only Teams knows
cannot be made without its fallback; an unknown argument is refused (the library drops it).
`TeamsCard` corrects what the library writes wrongly: see tests/cards/test_library_faults.py.
"""
# The library types every list as a closed union of its own classes: opening them is the purpose.
# pyright: reportIncompatibleVariableOverride=false

from collections.abc import Mapping
from typing import Any, Literal

import adaptive_cards.card as ac
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"

Element = ac.ComponentBaseModel
Fallback = Literal["drop"] | Element
TargetWidth = Literal["Narrow", "Standard", "Wide", "atLeast:Narrow", "atLeast:Standard"]
Space = Literal["None", "ExtraSmall", "Small", "Default", "Medium", "Large", "Padding"]
Tone = Literal["Default", "Subtle", "Informative", "Accent", "Good", "Attention", "Warning"]
_STRICT = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class _Selectable(ac.ComponentBaseModel):
    """What may be pressed: each closed union of the library holds half a megabyte of its schema."""

    select_action: Element | None = Field(default=None)


class _Teams(ac.ComponentBaseModel):
    """What every element may carry in Teams."""

    model_config = _STRICT
    target_width: TargetWidth | None = Field(default=None)
    spacing: Space | None = Field(default=None)
    fallback: Fallback | None = Field(default=None)


class TextBlock(_Teams, ac.TextBlock):
    """Text that reads markdown and the DATE and TIME macros."""

    style: Literal["default", "heading", "columnHeader"] | None = Field(default=None)


class RichTextBlock(_Teams, ac.RichTextBlock):
    """Text in runs, each with its own look; no markdown."""

    inlines: list[str | Element]


class TextRun(_Selectable, ac.TextRun):
    """One run of a RichTextBlock."""

    model_config = _STRICT


class Container(_Teams, _Selectable, ac.Container):
    """A stack of elements."""

    items: list[Element]
    rounded_corners: bool | None = Field(default=None)


class Column(_Teams, _Selectable, ac.Column):
    """One column of a ColumnSet."""

    items: list[Element] | None = Field(default=None)


class ColumnSet(_Teams, _Selectable, ac.ColumnSet):
    """Elements side by side."""

    columns: list[Element] | None = Field(default=None)


class FactSet(_Teams, ac.FactSet):
    """Titles with their values."""

    facts: list[Element]


class Fact(ac.Fact):
    """One title with its value; both read markdown."""

    model_config = _STRICT


class TableCell(_Teams, _Selectable, ac.TableCell):
    """One cell of a table."""

    items: list[Element]


class TableRow(_Teams, ac.TableRow):
    """One row of a table."""

    cells: list[Element] | None = Field(default=None)


class Table(_Teams, ac.Table):
    """Rows and columns that a screen reader understands as such."""

    rows: list[Element] | None = Field(default=None)
    # The name every renderer reads; the library writes firstRowAsHeader.
    first_row_as_headers: bool | None = Field(default=None)


class InputText(_Teams, ac.InputText):
    """A field to write in."""

    inline_action: Element | None = Field(default=None)


class InputChoiceSet(_Teams, ac.InputChoiceSet):
    """A field to choose in."""


class InputChoice(ac.InputChoice):
    """One choice; its title is plain text."""

    model_config = _STRICT


class ActionSet(_Teams, ac.ActionSet):
    """Buttons inside the body."""

    actions: list[Element]


class _Button(ac.ComponentBaseModel):
    """What every button may carry; no mode is written unless it is the overflow menu's."""

    model_config = _STRICT
    mode: Literal["primary", "secondary"] | None = Field(default=None)
    fallback: Fallback | None = Field(default=None)


class ActionExecute(_Button, ac.ActionExecute):
    """A button that sends its verb and data to the bot, in the presser's name."""

    data: dict[str, Any] | None = Field(default=None)


class ActionOpenUrl(_Button, ac.ActionOpenUrl):
    """A button that opens a page."""


class ActionToggleVisibility(_Button, ac.ActionToggleVisibility):
    """A button that shows or hides elements of the card."""

    target_elements: list[str | ac.TargetElement]


class ActionShowCard(_Button, ac.ActionShowCard):
    """A button that unfolds a form."""

    card: Element | None = Field(default=None)


class _TeamsOnly(_Teams, ac.CardElement):
    """An element that only Teams knows: what other hosts show instead must be given."""

    fallback: Fallback  # pyright: ignore[reportGeneralTypeIssues] - optional in the library, a must here
    horizontal_alignment: Literal["Left", "Center", "Right"] | None = Field(default=None)


class Badge(_TeamsOnly):
    """A short label in a rounded frame; plain text."""

    type: Literal["Badge"] = Field(default="Badge")
    text: str
    style: Tone | None = Field(default=None)
    appearance: Literal["Filled", "Tint"] | None = Field(default=None)
    size: Literal["Medium", "Large", "ExtraLarge"] | None = Field(default=None)


class Icon(_TeamsOnly):
    """A picture of the Fluent set, by name."""

    type: Literal["Icon"] = Field(default="Icon")
    name: str
    size: Literal["xxSmall", "xSmall", "Small", "Standard", "Medium"] | None = Field(default=None)
    color: Literal["Default", "Accent", "Good", "Attention", "Warning"] | None = Field(default=None)
    style: Literal["Regular", "Filled"] | None = Field(default=None)


class CodeBlock(_TeamsOnly):
    """Text as it was, in a fixed-width frame."""

    type: Literal["CodeBlock"] = Field(default="CodeBlock")
    code_snippet: str
    language: Literal["PlainText", "Json", "SQL"] = Field(default="PlainText")


class _Chart(_TeamsOnly):
    """A chart; without data it would render blank and not use its fallback."""

    title: str
    data: list[dict[str, Any]] = Field(min_length=1)
    x_axis_title: str | None = Field(default=None)
    y_axis_title: str | None = Field(default=None)
    color_set: str | None = Field(default=None)


class ChartGroupedBars(_Chart):
    """Vertical bars of several series, stacked or side by side."""

    type: Literal["Chart.VerticalBar.Grouped"] = Field(default="Chart.VerticalBar.Grouped")
    stacked: bool | None = Field(default=None)
    y_min: int | None = Field(default=None)
    y_max: int | None = Field(default=None)


class ChartStackedRow(_Chart):
    """One horizontal bar in parts."""

    type: Literal["Chart.HorizontalBar.Stacked"] = Field(default="Chart.HorizontalBar.Stacked")


class TeamsCard(_Selectable, ac.AdaptiveCard):
    """A whole card, with what Teams reads beside the official schema: refresh, width, mentions."""

    model_config = _STRICT
    version: Literal["1.5"] = Field(default=VERSION)
    body: list[Element] | None = Field(default=None)
    actions: list[Element] | None = Field(default=None)
    refresh: dict[str, Any] | None = Field(default=None)
    msteams: dict[str, Any] | None = Field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON; raises ValueError when what names its language is missing."""
        return checked(as_json(self))


def as_json(element: Element) -> dict[str, Any]:
    """An element as JSON."""
    # Without serialize_as_any pydantic drops silently what the subclasses add.
    return element.model_dump(mode="json", exclude_none=True, by_alias=True, serialize_as_any=True)


def checked(content: dict[str, Any]) -> dict[str, Any]:
    """The card, if it says which schema and version it is written in."""
    if (content.get("$schema"), content.get("version")) != (SCHEMA, VERSION):
        raise ValueError("the card does not name its schema and version")
    return content


def _settle(classes: Mapping[str, Any]) -> None:
    """The library's forward references ("Fact", "ActionExecute") live in its own module."""
    for one in classes.values():
        if isinstance(one, type) and issubclass(one, ac.ComponentBaseModel):
            one.model_rebuild(_types_namespace={**vars(ac), **classes})


_settle(
    {name: one for name, one in globals().items() if getattr(one, "__module__", "") == __name__}
)
