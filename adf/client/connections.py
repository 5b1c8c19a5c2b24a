"""Opens connections to Azure and signs in; the SDKs are imported at the first use.

They take 0.4 s and 40 MB, which a start, a refusal and most commands do without.
"""

import importlib
from contextlib import nullcontext

from adf.client.call_budget import Share, the_whole
from adf.client.identity import AzureIdentity, SignIn
from adf.client.transport import CallHook, OpenWire, ThrottleHook, Wire


def unobserved(_operation_id: str, _factory: str) -> nullcontext[None]:
    """The hook of those who collect nothing."""
    return nullcontext()


def uncounted(_operation_id: str, _factory: str) -> None:
    """The same for refused calls."""


def sdk_wires(
    arm_url: str,
    observe: CallHook = unobserved,
    share: Share = the_whole,
    throttled: ThrottleHook = uncounted,
) -> OpenWire:
    """Open official clients on `arm_url`, with a hook around their calls and one for refusals.

    `share` is how much of Azure's limits this process may use.
    """

    def open_wire(subscription: str) -> Wire:
        module = importlib.import_module("adf.client.sdk")
        return module.SdkWire(
            subscription, arm_url, observe=observe, share=share, throttled=throttled
        )

    return open_wire


def azure_sign_in(arm_url: str) -> SignIn:
    """How the bot signs in for `arm_url`."""

    async def sign_in() -> AzureIdentity:
        return await importlib.import_module("adf.client.credentials").sign_in(arm_url)

    return sign_in
