"""What the service refuses, in the store's own errors."""

from azure.core.exceptions import HttpResponseError

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Insert,
    Missing,
    Operation,
    StoreError,
    VersionConflict,
)

CONFLICT = frozenset({404, 409, 412})
_MISSING = 404
_NO_TABLE = frozenset({"TableNotFound", "TableBeingDeleted"})


class Overtaken(Exception):
    """What was to be deleted in a batch, in whatever version, is gone already."""


def check_table(error: HttpResponseError, *, is_insert: bool = False) -> None:
    """Raise a StoreError where it is the table that is not there, and not the entity."""
    code = getattr(error, "error_code", None)
    if code in _NO_TABLE or (is_insert and error.status_code == _MISSING):
        raise StoreError("the table is not there any more") from None


def refusal(operation: Operation, error: HttpResponseError, partition: str) -> Exception:
    """The store's error for an operation that the service refused."""
    place = f"{partition}/{operation.key}"
    if isinstance(operation, Insert):
        return AlreadyExists("is there already", place)
    if error.status_code != _MISSING:
        return VersionConflict("has a newer version", place)
    if isinstance(operation, Delete) and operation.version is None:
        return Overtaken(place)
    return Missing("is not there", place)
