"""Examines what lies in Azure: the sign-in, each factory, and each thing we ask of it."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote

import aiohttp
import orjson

from adf.changes.activity_log import within
from adf.client.identity import AzureIdentity
from adf.client.operations import (
    GET_FACTORY,
    LOG_FILTER,
    NEXT_LINK,
    OPERATIONS,
    QUERY,
    ArmOperation,
)
from adf.errors import AdfError, Forbidden, Throttled, Unavailable
from adf.records import Factory, TimeRange
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn, wrong
from bot.doctor.remedies import fix_for_sign_in, grant_command, scope_of

API_VERSION = "2018-06-01"
# Authorisation comes before the search, so what does not exist shows a permission as well.
NOBODY = "00000000-0000-0000-0000-000000000000"

PROBED = tuple(one for one in OPERATIONS if one is not GET_FACTORY)


async def examine_azure(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """The sign-in first; where it fails nothing can be said about the factories.

    A factory with a blank in its place is told among the settings.
    """
    factories = [
        one for one in it.factories if one.subscription and one.resource_group and one.name
    ]
    if not factories:
        return []
    try:
        async with asyncio.timeout(ways.limit):
            who = await ways.sign_in()
    except (AdfError, TimeoutError) as error:
        return [_not_signed_in(error), *(_unseen(one) for one in factories)]
    found = await asyncio.gather(*(_examine(one, who, it, ways) for one in factories))
    return [ok("sign-in to Azure", _named(who)), *(one for some in found for one in some)]


async def _examine(
    factory: Factory, who: AzureIdentity, it: DoctorInput, ways: Connections
) -> Sequence[Finding]:
    """One factory: whether it is there, then every permission."""
    there = await _find(factory, who, it, ways)
    if there is not None and there.what != _missing_name(factory):
        return [there]
    wire = await asyncio.to_thread(ways.open_wire, factory.subscription)
    try:
        given = _cheap_arguments(ways, factory)
        calls = [
            (one, wire.call(one, factory, *(given.get(name, NOBODY) for name in one.arguments)))
            for one in PROBED
        ]
        found = await asyncio.gather(
            *(_probe(one, call, factory, who, ways.limit) for one, call in calls)
        )
    finally:
        await wire.close()
    problems = [one for one in (there, *found) if one is not None]
    done = f"{scope_of(factory)}: all {len(OPERATIONS)} read permissions are granted"
    return problems or [ok(f"factory {factory.alias}", done)]


async def _find(
    factory: Factory, who: AzureIdentity, it: DoctorInput, ways: Connections
) -> Finding | None:
    """Whether the factory is there; None when it is, a finding about permissions or its place."""
    url = f"{it.arm_url.rstrip('/')}{quote(scope_of(factory))}?api-version={API_VERSION}"
    headers = {"Authorization": f"Bearer {who.token}"}
    try:
        async with (
            asyncio.timeout(ways.limit),
            ways.session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            status, body = answer.status, await answer.read()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        said = f"no answer from {it.arm_url}: {type(error).__name__}"
        fix = "see the line about the network above"
        return wrong(f"factory {factory.alias}", said, fix, Fixer.NETWORK)
    if status == 200:
        return None
    if status == 403:
        return _lacks(GET_FACTORY, None, factory, who)
    return not_found(factory, status, body, who, is_file=it.is_file)


def _cheap_arguments(ways: Connections, factory: Factory) -> Mapping[str, object]:
    """With these, and nobody's name, every operation is asked by a call that costs little."""
    now = ways.now()
    query = {
        "lastUpdatedAfter": (now - timedelta(minutes=5)).isoformat(),
        "lastUpdatedBefore": now.isoformat(),
        "filters": [{"operand": "Status", "operator": "Equals", "values": ["Failed"]}],
    }
    lately = TimeRange(start=now - timedelta(minutes=5), end=now)
    log = within(lately, uri=factory.resource_id)
    return {QUERY: query, NEXT_LINK: None, LOG_FILTER: log}


async def _probe(
    operation: ArmOperation,
    call: Awaitable[object],
    factory: Factory,
    who: AzureIdentity,
    limit: float,
) -> Finding | None:
    """Ask one question; None when it may be asked, whatever it finds."""
    what = f"factory {factory.alias}: {operation.purpose}"
    try:
        async with asyncio.timeout(limit):
            await call
    except Forbidden as error:
        if error.status == 401:
            fix = fix_for_sign_in(error.code)
            return wrong(what, f"Azure rejected the sign-in: {error.said}", fix, Fixer.AZURE)
        return _lacks(operation, error.action, factory, who)
    except Throttled:
        return warn(what, "Azure is throttling (429)", "run doctor again in a minute")
    except (Unavailable, TimeoutError) as error:
        said = error.said if isinstance(error, Unavailable) else f"no answer within {limit:g} s"
        return warn(what, said, "run doctor again in a minute", Fixer.MICROSOFT)
    except AdfError:
        return None
    return None


def _missing_name(factory: Factory) -> str:
    return f"factory {factory.alias}: {GET_FACTORY.purpose}"


def _lacks(
    operation: ArmOperation, named: str | None, factory: Factory, who: AzureIdentity
) -> Finding:
    """A permission is missing: the one the service named, else the one that the call needs."""
    return wrong(
        f"factory {factory.alias}: {operation.purpose}",
        f"{_named(who)} lacks {named or operation.permissions[0]}",
        f"{grant_command(factory, who.object_id, is_person=who.is_person)} "
        "(without Bicep: deploy/README.md, step 4)",
        Fixer.AZURE,
    )


def _not_signed_in(error: AdfError | TimeoutError) -> Finding:
    code = error.code if isinstance(error, AdfError) else None
    said = error.said if isinstance(error, AdfError) else "no answer in time"
    return wrong("sign-in to Azure", f"{code}: {said}" if code else said, fix_for_sign_in(code))


def _unseen(factory: Factory) -> Finding:
    return warn(f"factory {factory.alias}", "not checked: not signed in to Azure")


def _named(who: AzureIdentity) -> str:
    return f"{who.name} ({who.object_id})" if who.object_id else who.name


_NAMES = {
    "subscription": "AZURE_SUBSCRIPTION_ID",
    "resource_group": "AZURE_RESOURCE_GROUP",
    "name": "AZURE_DATA_FACTORY_NAME",
}
_SUBSCRIPTION = frozenset({"SubscriptionNotFound", "InvalidSubscriptionId"})
_OTHER_TENANT = frozenset({"InvalidAuthenticationTokenTenant"})


def not_found(
    factory: Factory, status: int, body: bytes, who: AzureIdentity, *, is_file: bool
) -> Finding:
    """What an answer other than 200 and 403 means for the place of a factory."""
    code = _code(body)
    if code in _OTHER_TENANT:
        return _other_tenant(factory, who, is_file=is_file)
    if status == 401:
        said = f"Azure rejected the sign-in: {code or status}"
        return wrong(f"factory {factory.alias}", said, fix_for_sign_in(code), Fixer.AZURE)
    if code in _SUBSCRIPTION:
        said = f"there is no subscription {factory.subscription} (or not for this identity)"
        fix = "az account list --query [].{name:name,id:id} -o table"
        return wrong(_setting("subscription", factory, is_file=is_file), said, fix)
    if code == "ResourceGroupNotFound":
        said = f"subscription {factory.subscription} has no resource group {factory.resource_group}"
        fix = f"az group list --subscription {factory.subscription} --query [].name -o tsv"
        return wrong(_setting("resource_group", factory, is_file=is_file), said, fix)
    if status == 404:
        said = f"resource group {factory.resource_group} has no data factory {factory.name}"
        return wrong(_setting("name", factory, is_file=is_file), said, _list_factories(factory))
    said = f"Azure answers {status} {code}".strip()
    return warn(f"factory {factory.alias}", said, "run doctor again in a minute", Fixer.MICROSOFT)


def _other_tenant(factory: Factory, who: AzureIdentity, *, is_file: bool) -> Finding:
    said = f"the subscription is in another tenant than {who.name} ({who.tenant or 'unknown'})"
    fix = (
        f"az account show --subscription {factory.subscription} --query tenantId: "
        "use an identity of that tenant, or the right subscription"
    )
    return wrong(_setting("subscription", factory, is_file=is_file), said, fix, Fixer.AZURE)


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
