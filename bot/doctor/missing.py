"""A factory that is not where the settings say: which of the three names is wrong."""

from collections.abc import Mapping
from typing import Any, cast

import orjson

from adf.client.signin import SignedIn
from adf.records import Factory
from bot.doctor.findings import Finding, Who, warn, wrong
from bot.doctor.signins import mend_sign_in

_NAMES = {
    "subscription": "AZURE_SUBSCRIPTION_ID",
    "resource_group": "AZURE_RESOURCE_GROUP",
    "name": "AZURE_DATA_FACTORY_NAME",
}
_SUBSCRIPTION = frozenset({"SubscriptionNotFound", "InvalidSubscriptionId"})
_OTHER_TENANT = frozenset({"InvalidAuthenticationTokenTenant"})


def not_found(
    factory: Factory, status: int, body: bytes, who: SignedIn, *, is_file: bool
) -> Finding:
    """What an answer other than 200 and 403 means for the place of a factory."""
    code = _code(body)
    if code in _OTHER_TENANT:
        return _other_tenant(factory, who, is_file=is_file)
    if status == 401:
        said = f"Azure does not take the sign-in: {code or status}"
        return wrong(f"factory {factory.alias}", said, mend_sign_in(code), Who.AZURE)
    if code in _SUBSCRIPTION:
        said = f"there is no subscription {factory.subscription} (or not for this identity)"
        mend = "az account list --query [].{name:name,id:id} -o table"
        return wrong(_setting("subscription", factory, is_file=is_file), said, mend)
    if code == "ResourceGroupNotFound":
        said = f"subscription {factory.subscription} has no resource group {factory.resource_group}"
        mend = f"az group list --subscription {factory.subscription} --query [].name -o tsv"
        return wrong(_setting("resource_group", factory, is_file=is_file), said, mend)
    if status == 404:
        said = f"resource group {factory.resource_group} has no data factory {factory.name}"
        return wrong(_setting("name", factory, is_file=is_file), said, _list_factories(factory))
    said = f"Azure answers {status} {code}".strip()
    return warn(f"factory {factory.alias}", said, "run doctor again in a minute", Who.MICROSOFT)


def _other_tenant(factory: Factory, who: SignedIn, *, is_file: bool) -> Finding:
    said = f"the subscription is in another tenant than {who.name} ({who.tenant or 'unknown'})"
    mend = (
        f"az account show --subscription {factory.subscription} --query tenantId: "
        "use an identity of that tenant, or the right subscription"
    )
    return wrong(_setting("subscription", factory, is_file=is_file), said, mend, Who.AZURE)


def _list_factories(factory: Factory) -> str:
    return (
        "az resource list --resource-type Microsoft.DataFactory/factories "
        f"--subscription {factory.subscription} "
        "--query [].{name:name,group:resourceGroup} -o table"
    )


def _setting(field: str, factory: Factory, *, is_file: bool) -> str:
    """The setting that holds a name: the variable, or the place in the factories file."""
    return f"ADFOPS_FACTORIES: {factory.alias}.{field}" if is_file else _NAMES[field]


def _code(body: bytes) -> str:
    """The code of Resource Manager's error body; nothing for what is none."""
    try:
        read: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(_object(_object(read).get("error")).get("code") or "")


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
