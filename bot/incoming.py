"""What comes in, as plain JSON for the store and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.messages import Address, Arrival, CardClick, Message, Person

Incoming = Message | CardClick | Arrival
_KINDS = {kind.__name__: kind for kind in (Message, CardClick, Arrival)}


def incoming_to_json(incoming: Incoming) -> dict[str, Any]:
    """What came in as plain JSON for the store."""
    plain = asdict(incoming)
    address, at = incoming.address.to_json(), incoming.at.isoformat()
    return {**plain, "kind": type(incoming).__name__, "address": address, "at": at}


def incoming_from_json(stored: Mapping[str, Any]) -> Incoming:
    """Read back what `incoming_to_json` wrote."""
    plain = {key: value for key, value in stored.items() if key != "kind"}
    plain["address"] = Address.from_json(stored["address"])
    plain["speaker"] = Person(**stored["speaker"])
    plain["at"] = datetime.fromisoformat(stored["at"])
    return _KINDS[stored["kind"]](**plain)
