"""Parameters of a run as createRun takes them: Data Factory shows every value as text.

A run that was started with 5 or [1, 2] shows "5" and "[1,2]"; sent back as that text, a parameter
of type Int or Array is refused or, worse, another value.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from adf.client.transport import Json
from adf.client.wire_values import object_of, text_of

_JSON_TYPES = frozenset({"array", "object", "int", "float", "bool"})


def declared_types(definition: Json) -> Mapping[str, str]:
    """The type of each parameter of a published pipeline, in lower case."""
    declared = object_of(object_of(definition.get("properties")).get("parameters"))
    return {name: text_of(object_of(one).get("type")).lower() for name, one in declared.items()}


def parameters_to_send(texts: Json, types: Mapping[str, str]) -> dict[str, Any]:
    """Each value of a run in the type that its pipeline declares; text stays text.

    A secret that is masked is left out: sent back, the mask would be taken for the secret.
    """
    kinds = {name: types.get(name, "string") for name in texts}
    return {
        name: _typed(value, kinds[name])
        for name, value in texts.items()
        if kinds[name] != "securestring" or not is_masked(value)
    }


def is_masked(value: object) -> bool:
    """Whether stars stand in the place of a value."""
    return isinstance(value, str) and bool(value) and not value.strip("*")


def _typed(value: object, kind: str) -> object:
    if not isinstance(value, str) or kind not in _JSON_TYPES:
        return value
    try:
        return orjson.loads(value.lower() if kind == "bool" else value)
    except orjson.JSONDecodeError:
        return value
