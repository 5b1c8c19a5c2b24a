"""Azure AI Foundry on a real socket, with scripted brains and faults on order."""

from tests.doubles.foundry.brains import (
    Answering,
    Babbling,
    Brain,
    EveryTurn,
    Obeying,
    Outputs,
    Replaying,
    Scripted,
    Slow,
    Speechless,
)
from tests.doubles.foundry.double import FoundryDouble
from tests.doubles.foundry.faults import TROUBLES, Fault, Faults
from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.items import (
    asks_mcp,
    called_mcp,
    calls,
    calls_raw,
    listed_mcp,
    other,
    refuses,
    says,
    text_of,
    thinks,
    wants_approval,
)
from tests.doubles.foundry.servers import Called, Nowhere, OverTheWire, Servers
from tests.doubles.foundry.serving import make_foundry, running_foundry
from tests.doubles.foundry.wire import Asked, Item

__all__ = [
    "TROUBLES",
    "Answering",
    "Asked",
    "Babbling",
    "Brain",
    "Called",
    "EveryTurn",
    "Fault",
    "Faults",
    "FoundryDouble",
    "Heard",
    "Item",
    "Nowhere",
    "Obeying",
    "Outputs",
    "OverTheWire",
    "Replaying",
    "Scripted",
    "Servers",
    "Slow",
    "Speechless",
    "asks_mcp",
    "called_mcp",
    "calls",
    "calls_raw",
    "listed_mcp",
    "make_foundry",
    "other",
    "refuses",
    "running_foundry",
    "says",
    "text_of",
    "thinks",
    "wants_approval",
]
