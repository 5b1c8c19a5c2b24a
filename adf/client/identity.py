"""Signing in to Azure by itself: which identity the bot is there, before anything is asked."""

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureIdentity:
    """A token for Resource Manager, and whom Entra says it is for (as far as the token tells)."""

    token: str = field(repr=False)
    name: str
    is_person: bool = False
    object_id: str | None = None
    tenant: str | None = None


SignIn = Callable[[], Awaitable[AzureIdentity]]


def azure_sign_in(arm_url: str) -> SignIn:
    """How the bot signs in for `arm_url`; azure-identity is imported at the first use."""

    async def sign_in() -> AzureIdentity:
        return await importlib.import_module("adf.client.credentials").sign_in(arm_url)

    return sign_in
