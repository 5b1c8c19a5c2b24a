"""The only room that speaks Bot Framework: who comes in, what goes out."""

from bot.teams.adapter import TeamsAdapter
from bot.teams.identity import Endpoints, TeamsIdentity, WrongIdentity
from bot.teams.ingress import Handlers, Ingress
from bot.teams.keys import SigningKeys
from bot.teams.sender import AddressGone, NotSent, Sender

__all__ = [
    "AddressGone",
    "Endpoints",
    "Handlers",
    "Ingress",
    "NotSent",
    "Sender",
    "SigningKeys",
    "TeamsAdapter",
    "TeamsIdentity",
    "WrongIdentity",
]
