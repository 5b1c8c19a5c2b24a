"""The gallery's list: each card's name and the card itself, typical and hostile."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adf.records import Factory
from cards.card import Card
from cards.choose import Record, card_for
from cards.gallery import typical

ZONE = ZoneInfo("Europe/Berlin")
STUDIO = {
    typical.FACTORY: Factory(
        alias=typical.FACTORY,
        subscription="00000000-0000-0000-0000-000000000001",
        resource_group="rg-data",
        name="adf-prod",
    )
}
TYPICAL: dict[str, Record] = {
    "failure_card": typical.FAILURE,
    "failure_card_nested": typical.NESTED,
    "run_card": typical.NEWEST,
    "run_card_running": typical.GOING,
    "run_card_report": typical.SUCCESS,
    "run_card_none": typical.NO_RUN,
    "status_list": typical.RUNS,
    "status_list_running": typical.RUNNING,
    "status_list_well": typical.ALL_WELL,
    "status_list_pipelines": typical.PIPELINES,
    "help_card": typical.HELP,
    "picker_card": typical.PICKER,
    "error_card": typical.TROUBLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One card of the gallery."""

    name: str
    card: Card


def gallery() -> tuple[Shown, ...]:
    """Every card, drawn."""
    return tuple(_drawn())


def _drawn() -> Iterator[Shown]:
    for name, record in TYPICAL.items():
        yield Shown(name=name, card=card_for(record, now=typical.NOW, zone=ZONE, studio=STUDIO))
