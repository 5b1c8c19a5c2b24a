"""Every phrase that the product tells people to write, as it stands on its pages and cards."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from adf.tools import ADF_TOOLS
from bot.teams.local.demo import TO_HEAR, TO_TRY, TO_TRY_ANYWHERE
from bot.tools.acts import adf_propose_action
from bot.tools.handover import ops_handover
from bot.tools.help import help_lines
from bot.tools.incidents import ops_ack, ops_assign, ops_list_incidents, ops_resolve
from bot.tools.mutes import ops_mute
from bot.tools.rooms import ops_bind
from bot.tools.subscriptions import ops_subscribe, ops_unsubscribe
from bot.tools.usage import bot_reset
from cards.gallery.samples import TYPICAL, drawn

ROOT = Path(__file__).parents[2]
_HELP = (
    *(*ADF_TOOLS, ops_list_incidents, ops_handover, ops_ack, ops_assign, ops_resolve, ops_mute),
    *(adf_propose_action, ops_subscribe, ops_unsubscribe, ops_bind, bot_reset),
)
_QUOTED = re.compile(r"“([^”]{3,120})”")
_MENTIONED = re.compile(r"@ADF Ops ([^`\n(]{3,90}?)(?=[`\n)]|  )")
# Code in a list of things to try, or after a word that says that it is written to the bot.
_TRY = re.compile(r"`((?:[a-zA-Z]['’\w]* )[^`=/{}]{2,90})`")
_TECHNICAL = re.compile(
    r"^yes$|(?:Contributor|Reader|User)$|Show trace|--|\.(?:md|json|py)\b|_"
    r"|(?:make|python|pip|az|curl|docker|npm|sed|git|uvx?|ss|mkdir|cp|cat)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What somebody is told to write, and where it says so."""

    text: str
    place: str


def _page(name: str) -> Iterator[Phrase]:
    text = (ROOT / name).read_text(encoding="utf-8")
    whole = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for pattern in (_MENTIONED, _TRY, _QUOTED):
        for found in pattern.findall(whole):
            said = " ".join(found.split()).removeprefix("@ADF Ops ")
            if not _TECHNICAL.search(said):
                yield Phrase(text=said, place=name)


def _help() -> Iterator[Phrase]:
    for line in help_lines(_HELP):
        for found in _QUOTED.findall(line):
            yield Phrase(text=found, place="help card")


def questions_in(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any shape
    """Everything that can be asked by a press somewhere in the JSON of a card."""
    parts: Iterable[Any] = node
    if isinstance(node, dict):
        part = cast("dict[str, Any]", node)
        parts = part.values()
        match part.get("data"):
            case {"question": str(question)}:
                yield question
            case _:
                pass
    for one in parts:
        if isinstance(one, (dict, list)):
            yield from questions_in(one)


def _manifest() -> Iterator[Phrase]:
    read = json.loads((ROOT / "manifest" / "manifest.json").read_text(encoding="utf-8"))
    for listed in read["bots"][0]["commandLists"]:
        for one in listed["commands"]:
            words = one.get("prompt") or one["description"].partition(":")[0]
            yield Phrase(text=words, place="manifest")


def _demo() -> Iterator[Phrase]:
    for one in (*TO_TRY, *TO_TRY_ANYWHERE, TO_HEAR):
        words = re.split(r"\s{2,}", one)[0].removeprefix("@ADF Ops ")
        yield Phrase(text=words.replace("...", "<pipeline>"), place="demo")


def _buttons() -> Iterator[Phrase]:
    """What buttons of the gallery ask, with the names of the gallery taken out."""
    for record in TYPICAL.values():
        for text in questions_in(drawn(record).content):
            yield Phrase(text=text, place="button")


def advertised() -> list[Phrase]:
    """Each phrase once, in the order in which a reader meets it."""
    pages = ("README.md", "deploy/README.md", ".env.example")
    every = [*(one for page in pages for one in _page(page)), *_help(), *_manifest()]
    return list({one.text.lower(): one for one in [*every, *_demo(), *_buttons()]}.values())
