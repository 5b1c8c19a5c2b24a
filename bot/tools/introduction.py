"""What the bot says of the asker, of its data, and of how to connect a factory."""

from collections.abc import Iterator
from enum import StrEnum

from adf.records.glossary import listed
from bot.access.policy import Grant, Right
from bot.tools.context import ToolContext

_ABILITIES = {
    Right.READ: "see runs, errors, and trends",
    Right.SUBSCRIBE: "set alerts for this room",
    Right.ACKNOWLEDGE: "acknowledge and close incidents",
    Right.ACT: "act on runs and triggers",
    Right.BIND: "link channels to a factory",
}
_HEARING = "see whether data has arrived and when to expect it"
_SIMULATED = (
    "No: this is a simulated factory on this machine. Its pipelines, runs, and errors are made up;"
    " everything else is the real product."
)
_REAL = (
    "Yes: I read {factories} from Azure when you ask, and I say how old an answer is when I can't."
)
_CONNECT = (
    "To connect a factory: set AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, and"
    " AZURE_DATA_FACTORY_NAME (or ADFOPS_FACTORIES for several).",
    "Give the bot's identity the role in deploy/reader-role.json on the factory.",
    "Then run “python app.py doctor”: it checks each step and says who can fix what."
    " Every step is in deploy/README.md.",
)


class Topic(StrEnum):
    """What help is wanted about: all that can be asked, the asker, or where the data comes from."""

    EVERYTHING = "everything"
    ME = "me"
    DATA = "data"


TITLES = {Topic.ME: "Who you are here", Topic.DATA: "Where the data comes from"}


def about_asker(here: ToolContext, grant: Grant) -> Iterator[str]:
    """Who the asker is to the bot in this place, and what that allows."""
    name = here.person.name or "somebody I have no name for"
    roles = ", ".join(f"{role} of {alias}" for alias, role in grant.roles.items())
    yield f"You are {name}: {roles or 'no role in any factory yet'}."
    for alias in grant.aliases:
        able = [text for right, text in _ABILITIES.items() if grant.may(right, alias)]
        yield f"In {alias} you can {listed(able) or _HEARING}."
    others = [one for one in here.state.people.who_can(Right.BIND) if one != name]
    ask = f" To change a role, ask {listed(others, 'or')}." if others else ""
    yield f"I know you by your Teams account, not by what you write.{ask}"


def about_data(here: ToolContext, grant: Grant) -> Iterator[str]:
    """Whether the data is real, and how to connect a factory of one's own."""
    factories = ", ".join(grant.aliases) or "the factory"
    yield _SIMULATED if here.state.is_simulated else _REAL.format(factories=factories)
    yield from _CONNECT
