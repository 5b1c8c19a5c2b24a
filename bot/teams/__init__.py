"""The only room that speaks Bot Framework: who comes in, what goes out."""

from bot.teams.adapter import TeamsAdapter
from bot.teams.errors import (
    AddressGone,
    CannotTell,
    NotSent,
    NotSignedIn,
    Refused,
    TeamsError,
    TooLarge,
    WrongIdentity,
)
from bot.teams.identity import Endpoints, TeamsIdentity
from bot.teams.ingress import Handlers, Ingress
from bot.teams.keys import SigningKeys
from bot.teams.sender import Sender

__all__ = [
    "AddressGone",
    "CannotTell",
    "Endpoints",
    "Handlers",
    "Ingress",
    "NotSent",
    "NotSignedIn",
    "Refused",
    "Sender",
    "SigningKeys",
    "TeamsAdapter",
    "TeamsError",
    "TeamsIdentity",
    "TooLarge",
    "WrongIdentity",
]
