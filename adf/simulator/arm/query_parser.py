"""Reads RunFilterParameters from a request body; what the service would refuse is refused."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from adf.simulator.arm.run_queries import OPERATORS, BadQuery, Filter, Order, RunQuery
from adf.simulator.runs import Json


def read_query(body: bytes, operands: Collection[str], orders: Collection[str]) -> RunQuery:
    """The query in a body; BadQuery names the field that is missing or wrong."""
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadQuery("The request content was invalid and could not be deserialized.") from error
    if not isinstance(document, dict):
        raise BadQuery("The request content is not a JSON object.")
    wire = cast("Json", document)
    after, before = _moment(wire, "lastUpdatedAfter"), _moment(wire, "lastUpdatedBefore")
    if after > before:
        raise BadQuery("lastUpdatedAfter must not be later than lastUpdatedBefore.")
    return RunQuery(
        after=after,
        before=before,
        filters=tuple(_filter(one, operands) for one in _objects(wire, "filters")),
        order_by=tuple(_order(one, orders) for one in _objects(wire, "orderBy")),
        token=_token(wire.get("continuationToken")),
    )


def _moment(wire: Json, field: str) -> datetime:
    told = wire.get(field)
    if not isinstance(told, str) or not told:
        raise BadQuery(f"The required property '{field}' is missing.")
    try:
        when = datetime.fromisoformat(told)
    except ValueError as error:
        raise BadQuery(f"The property '{field}' is not a date and time: '{told}'.") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _objects(wire: Json, field: str) -> list[Json]:
    told: Any = wire.get(field) or []
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in cast("Any", told)):
        raise BadQuery(f"The property '{field}' is not a list of objects.")
    return cast("list[Json]", told)


def _filter(wire: Json, operands: Collection[str]) -> Filter:
    operand, operator, values = wire.get("operand"), wire.get("operator"), wire.get("values")
    if operand not in operands:
        raise BadQuery(f"The filter operand '{operand}' is not supported.")
    if operator not in OPERATORS:
        raise BadQuery(f"The filter operator '{operator}' is not supported.")
    if not isinstance(values, list) or not values:
        raise BadQuery(f"The filter on '{operand}' has no values.")
    texts = tuple(str(value) for value in cast("list[object]", values))
    return Filter(operand=str(operand), operator=str(operator), values=texts)


def _order(wire: Json, orders: Collection[str]) -> Order:
    by, order = wire.get("orderBy"), wire.get("order")
    if by not in orders:
        raise BadQuery(f"Runs cannot be ordered by '{by}'.")
    if order not in ("ASC", "DESC"):
        raise BadQuery(f"The order '{order}' is not supported.")
    return Order(by=str(by), descending=order == "DESC")


def _token(told: object) -> str | None:
    if told is None or isinstance(told, str):
        return told or None
    raise BadQuery("The property 'continuationToken' is not a text.")
