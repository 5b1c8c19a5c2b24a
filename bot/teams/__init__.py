"""The only room that speaks Bot Framework: who comes in, what goes out."""

from bot.teams.adapter import TeamsAdapter
from bot.teams.endpoint import Handlers, MessagesEndpoint
from bot.teams.errors import (
    AddressGone,
    CannotTell,
    ForeignSender,
    NotSent,
    NotSignedIn,
    TeamsError,
    TooLarge,
    WrongIdentity,
)
from bot.teams.identity import Endpoints, SigningKeys, TeamsIdentity
from bot.teams.sender import Sender

__all__ = [
    "AddressGone",
    "CannotTell",
    "Endpoints",
    "ForeignSender",
    "Handlers",
    "MessagesEndpoint",
    "NotSent",
    "NotSignedIn",
    "Sender",
    "SigningKeys",
    "TeamsAdapter",
    "TeamsError",
    "TeamsIdentity",
    "TooLarge",
    "WrongIdentity",
]
