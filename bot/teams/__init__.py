"""The only room that speaks Bot Framework: what comes in, and what goes out.

In: `endpoint` (authenticate, claim, answer 202, then work) > `adapter` (tokens, by the official
SDK) > `activities` (JSON to messages, clicks and arrivals). Out: `replies` (our replies to JSON) >
`sender` (retries and limits) > `connector` (the official client, on one session). `identity` is
who the bot is, `tokens` its own token, `members` who somebody is, `errors` what can go wrong.
`local` is the bot on a developer's machine: the Agents Playground or a chat in the terminal.
"""

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
