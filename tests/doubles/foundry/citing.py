"""A model that cites as it is told to: each sentence ends with the number of a record."""

import re

from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.items import text_of
from tests.doubles.foundry.wire import Item

_NUMBERED = re.compile(r'"source":(\d+)')
_END = re.compile(r"(?<=[^\s\]])([.!?])(?=\s|$)")


def cited(item: Item, heard: Heard) -> Item:
    """Words with a mark in each sentence, where records with numbers were given in this turn."""
    if item["type"] != "message" or not isinstance(item.get("content"), list):
        return item
    numbers = [n for one in heard.this_turn for n in _NUMBERED.findall(text_of(one))]
    if not numbers:
        return item
    marked = [_marked(part, numbers[0]) for part in item["content"]]
    return {**item, "content": marked}


def _marked(part: Item, number: str) -> Item:
    text = str(part.get("text", ""))
    if part.get("type") != "output_text" or "[1]" in text:
        return part
    return {**part, "text": _END.sub(rf" [{number}]\1", text)}
