"""Who started the server on their own machine: every call over stdio is theirs."""

from adf.client.signin import SignIn
from adf.errors import AdfError
from bot.mcp_server.errors import CannotServe
from bot.mcp_server.setup import McpSetup
from bot.messages import Person

LOCAL = "local"


async def person_who_started(setup: McpSetup, named: str | None, sign_in: SignIn) -> Person:
    """The person `named` by object id, else whoever is signed in to Azure on this machine."""
    if named:
        tenant = setup.tenants[0] if setup.tenants else ""
        return Person(person_id=named.lower(), name="", tenant=tenant)
    if setup.everybody.is_open:
        return Person(person_id=LOCAL, name="", tenant="")
    try:
        who = await sign_in()
    except AdfError as error:
        raise CannotServe(f"not signed in to Azure ({error.said}): run `az login`") from None
    if who.object_id is None:
        raise CannotServe("the sign-in to Azure does not tell who you are: name your object id")
    return Person(person_id=who.object_id.lower(), name=who.name, tenant=who.tenant or "")
