"""Tokens of the identity that reads, for services of Azure beside Data Factory."""

import importlib
from typing import Any
from urllib.parse import urlsplit

from adf.errors import Unavailable


class AzureTokens:
    """Bearer tokens by the address they are for; azure-identity keeps each until it ends."""

    def __init__(self) -> None:
        """Nothing is opened before the first use."""
        self._credential: Any = None

    async def get(self, url: str) -> str:
        """A token for the service at that address; raises Unavailable or Forbidden."""
        parts = urlsplit(url)
        credentials = importlib.import_module("adf.client.credentials")
        if parts.scheme == "http":
            return str(await credentials.loopback_token())
        if self._credential is None:
            self._credential = credentials.reading_credential()
        try:
            return str(await credentials.token_of(self._credential, f"https://{parts.netloc}"))
        except TimeoutError:
            raise Unavailable("no sign-in in time", asked="sign in to Azure") from None

    async def aclose(self) -> None:
        """Close the credential, if one was opened."""
        if self._credential is not None:
            await self._credential.close()
