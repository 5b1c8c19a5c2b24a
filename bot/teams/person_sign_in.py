"""Has who approves sign in to Azure first, so that Azure decides by the person's own rights.

A press that needs it is not taken before there is a token: Teams is answered that a sign-in is
needed, gets a token for the bot by itself or after a window, and sends the same press again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.messages import CardClick, Person
from bot.teams.person_tokens import PersonTokens, SignInState

EXCHANGE = "signin/tokenExchange"
SIGN_IN_INVOKES = frozenset({EXCHANGE, "signin/verifyState"})
LOGIN = "application/vnd.microsoft.activity.loginRequest"
PRECONDITION = "application/vnd.microsoft.error.preconditionFailed"
WRONG_CODE = "application/vnd.microsoft.error.incorrectAuthCode"
MESSAGE = "application/vnd.microsoft.activity.message"
NEEDED = "Sign in to Azure, so that this is done with your own rights."
FOREIGN = (
    "That sign-in was another account's, or not for Azure, so nothing was done. Sign in with the "
    "account that you use in Teams."
)
NO_ANSWER = "The sign-in service gave no answer, so nothing was done. Press again in a minute."
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokeAnswer:
    """What an invoke is answered, in the place of what it asked for."""

    status: int
    kind: str
    value: object


class PersonSignIn:
    """What an invoke is answered before its press is taken; None where it may be."""

    def __init__(self, tokens: PersonTokens, verbs: Collection[str]) -> None:
        """Borrow the tokens; `verbs` are the buttons that need one."""
        self._tokens = tokens
        self._verbs = frozenset(verbs)

    async def before(self, click: CardClick, wire: Json) -> InvokeAnswer | None:
        """Sign in who pressed, by what Teams sent with the press; None once they are."""
        if click.verb not in self._verbs:
            return None
        value = _object(wire.get("value"))
        given = _object(value.get("authentication"))
        code = value.get("state")
        if isinstance(given.get("token"), str):
            state = await self._exchanged(click.speaker, given)
            return await self._answer(click, state, _failed("no token for Azure was given"))
        if isinstance(code, str) and code:
            state = await self._tokens.look_up(click.speaker, code)
            return await self._answer(click, state, _answer(401, WRONG_CODE, None))
        return await self._answer(click, await self._tokens.look_up(click.speaker), None)

    async def exchanged(self, person: Person, wire: Json) -> Json | None:
        """Of signin/tokenExchange, which each client of a person sends: None, or why it failed."""
        value = _object(wire.get("value"))
        state = await self._exchanged(person, value)
        if state is SignInState.SIGNED_IN:
            return None
        return {
            "id": value.get("id"),
            "connectionName": self._tokens.connection,
            "failureDetail": str(state),
        }

    async def verified(self, person: Person, wire: Json) -> bool:
        """Of signin/verifyState: whether its code gave a token."""
        code = _object(wire.get("value")).get("state")
        if not isinstance(code, str) or not code:
            return False
        return await self._tokens.look_up(person, code) is SignInState.SIGNED_IN

    async def _exchanged(self, person: Person, given: Json) -> SignInState:
        return await self._tokens.exchange(
            person, str(given.get("id") or ""), str(given.get("token") or "")
        )

    async def _answer(
        self, click: CardClick, state: SignInState, failed: InvokeAnswer | None
    ) -> InvokeAnswer | None:
        match state:
            case SignInState.SIGNED_IN:
                return None
            case SignInState.FOREIGN:
                return _answer(200, MESSAGE, FOREIGN)
            case SignInState.UNKNOWN:
                return _answer(200, MESSAGE, NO_ANSWER)
            case SignInState.NEEDED:
                return failed or await self._login(click)

    async def _login(self, click: CardClick) -> InvokeAnswer:
        resource = await self._tokens.resource(click.speaker, click.address)
        if resource is None:
            return _answer(200, MESSAGE, NO_ANSWER)
        link = str(resource["signInLink"])
        value = {
            "text": NEEDED,
            "connectionName": self._tokens.connection,
            "tokenExchangeResource": resource.get("tokenExchangeResource"),
            "buttons": [{"title": "Sign in", "text": "Sign in", "type": "signin", "value": link}],
        }
        return _answer(401, LOGIN, value)


def _failed(why: str) -> InvokeAnswer:
    """Teams shows the sign-in window, where consent is asked for, and sends the press again."""
    return _answer(412, PRECONDITION, {"code": "412", "message": why})


def _answer(status: int, kind: str, value: object) -> InvokeAnswer:
    return InvokeAnswer(status=status, kind=kind, value=value)


def _object(wire: object) -> Json:
    return cast("Json", wire) if isinstance(wire, Mapping) else {}
