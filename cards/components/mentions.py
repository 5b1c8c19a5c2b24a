"""Calling people by name: only our own code may write the tag that Teams turns into a mention."""

import re
from collections.abc import Sequence
from typing import Any

from cards.records import Mentioned
from cards.text import Md, line, md

MOST_MENTIONS = 5
_TAG = re.compile(r"[<>&]")


def mentions(people: Sequence[Mentioned]) -> tuple[Md, list[dict[str, Any]]]:
    """The words that call people, and the entities that Teams needs beside them."""
    words: list[str] = []
    entities: list[dict[str, Any]] = []
    for one in people[:MOST_MENTIONS]:
        name, person_id = line(_TAG.sub("", one.name), 60), line(one.person_id, 100)
        if not name or not person_id:
            continue
        # The text must be the same in both places, so it is escaped in both.
        tag = f"<at>{md(name)}</at>"
        words.append(tag)
        entities.append(
            {
                "type": "mention",
                "text": tag,
                "mentioned": {"id": person_id, "name": name},
            }
        )
    return Md(" ".join(words)), entities
