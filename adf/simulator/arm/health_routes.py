"""Resource Health and Service Health of a factory: its states, and the events Azure tells of."""

from aiohttp import web

from adf.simulator.arm.protocol import json_answer
from adf.simulator.arm.routes import FACTORY, STATE
from adf.simulator.arm.serializers import factory_id
from adf.simulator.state import DataFactory

_PROVIDER = "providers/Microsoft.ResourceHealth"


def health_routes() -> list[web.RouteDef]:
    """Every route of Resource Health."""
    return [
        web.get(f"{FACTORY}/{_PROVIDER}/availabilityStatuses", _list_statuses),
        web.get(f"{FACTORY}/{_PROVIDER}/events", _list_events),
    ]


async def _list_statuses(request: web.Request) -> web.Response:
    """The present state first, then earlier ones."""
    factory, place = _found(request)
    rows = [
        {
            "id": f"{place}/{_PROVIDER}/availabilityStatuses/{name}",
            "name": name,
            "type": "Microsoft.ResourceHealth/availabilityStatuses",
            "location": factory.location,
            "properties": dict(one),
        }
        for name, one in zip(_names(len(factory.health)), factory.health, strict=True)
    ]
    return json_answer({"value": rows})


async def _list_events(request: web.Request) -> web.Response:
    factory, _ = _found(request)
    rows = [
        {
            "id": f"/{_PROVIDER}/events/{one.get('trackingId')}",
            "name": one.get("trackingId"),
            "type": "/providers/Microsoft.ResourceHealth/events",
            "properties": {key: value for key, value in one.items() if key != "trackingId"},
        }
        for one in factory.service_events
    ]
    return json_answer({"value": rows})


def _found(request: web.Request) -> tuple[DataFactory, str]:
    info = request.match_info
    factory = request.app[STATE].get_factory(info["group"], info["factory"])
    return factory, factory_id(info["subscription"], factory)


def _names(number: int) -> list[str]:
    return ["current", *(f"2026-{place:04}" for place in range(1, number))][:number]
