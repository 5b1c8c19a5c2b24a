"""The Bot Framework's signing keys, of which only those endorsed for Teams count.

The SDK fetches them with a blocking call without a time limit, answers 500 for up to 24 hours when
a key it does not know turns up, and takes keys without endorsements for any channel.
"""

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from jwt import PyJWK

from bot.keys import NoKeys, PublishedKeys, UnknownKey
from bot.teams.errors import CannotTell, Refused


class SigningKeys:
    """Keys by id, endorsed for Teams; asked anew for an unknown id, at most every five minutes."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, seconds: Callable[[], float]
    ) -> None:
        """Borrow the session; nothing is fetched before the first use."""
        self._published = PublishedKeys(url, session, seconds, _is_endorsed)

    async def get(self, key_id: str) -> PyJWK:
        """The key of that id; Refused when a fresh list lacks it, CannotTell without a list."""
        try:
            return await self._published.get(key_id)
        except UnknownKey:
            raise Refused(
                "the token is signed with a key that is not published for Teams"
            ) from None
        except NoKeys:
            raise CannotTell("the signing keys cannot be read") from None

    async def refresh(self) -> None:
        """Read the published keys; raises what stands in the way."""
        await self._published.refresh()


def _is_endorsed(wire: Mapping[str, Any]) -> bool:
    return "msteams" in list(wire["endorsements"])
