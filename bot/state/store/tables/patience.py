"""Calls of the service, made again where that helps: throttled, busy, or without an answer.

The SDK would do so by itself, but tells nobody: an insert whose first answer was lost would come
back as "is there already". Here a call knows whether it may have been done before.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from bot.state.store.interface import StoreError, StoreUnavailable

log = logging.getLogger("adfops.store")

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

MOST_TRIES = 8
# Teams waits 15 s for its answer, and is better off with none than with a late one.
LONGEST_SECONDS = 12.0
FIRST_WAIT = 0.1
LONGEST_WAIT = 3.0
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_NOT_FOUND = 404
# Refused before anything was done.
_NOT_DONE = frozenset({429, 503})
# The SDK says "request error" of an answer that broke off too; only these come before any request.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


@dataclass(slots=True)
class Attempt:
    """One write on its way; `may_be_done` once a try of it ended without a clear answer."""

    may_be_done: bool = False


class Patience:
    """Repeats calls for a while, at the pace that the service asks for."""

    def __init__(
        self,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        tries: int = MOST_TRIES,
        seconds: float = LONGEST_SECONDS,
    ) -> None:
        """`jitter` spreads the waits of those who were refused together, by 0 to 1."""
        self._sleep = sleep
        self._jitter = jitter
        self._tries = tries
        self._seconds = seconds

    async def call(self, work: Callable[[Attempt], Awaitable[T]], place: str = "") -> T:
        """What `work` comes to; StoreUnavailable when the service never did it."""
        attempt = Attempt()

        async def once() -> T:
            try:
                return await work(attempt)
            except AzureError as error:
                attempt.may_be_done |= _may_be_done(error)
                raise

        retrying = AsyncRetrying(
            sleep=self._sleep,
            retry=retry_if_exception(_is_passing),
            wait=self._wait,
            stop=self._is_enough,
            reraise=True,
        )
        try:
            return await retrying(once)
        except AzureError as error:
            raise _said(error, place, attempt) from error

    def _wait(self, state: RetryCallState) -> float:
        grown = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (state.attempt_number - 1))
        return max(_retry_after(_error(state)), grown * (0.5 + self._jitter()))

    def _is_enough(self, state: RetryCallState) -> bool:
        """Whether another try would come too late; waits count, however long the calls took."""
        return (
            state.attempt_number >= self._tries
            or state.idle_for + self._wait(state) > self._seconds
        )


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, ClientAuthenticationError):
        return False
    if isinstance(error, HttpResponseError):
        return error.status_code in _BUSY
    return isinstance(error, AzureError)


def _may_be_done(error: AzureError) -> bool:
    """Whether a write may be there although this came back."""
    if isinstance(error.inner_exception, _NOT_SENT):
        return False
    return _is_passing(error) and getattr(error, "status_code", None) not in _NOT_DONE


def _retry_after(error: BaseException | None) -> float:
    """The seconds that the service asks for; 0 where it asks for none, or for a date."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    said = str(headers.get("Retry-After", ""))
    return float(said) if said.isdecimal() else 0.0


def _code(error: AzureError) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code or ""))


def _said(error: AzureError, place: str, attempt: Attempt) -> StoreError:
    status = getattr(error, "status_code", None)
    if status in {401, 403}:
        said = "the table refuses the bot's identity; it needs Storage Table Data Contributor there"
        return StoreError(said, place)
    if status == _NOT_FOUND:
        return StoreError("the table is not there any more", place)
    if status and status not in _BUSY:
        return StoreError(f"the table answers {status} {_code(error)}", place)
    why = f"HTTP {status}" if status else type(error).__name__
    return StoreUnavailable(
        f"the table does not answer ({why})", place, may_be_done=attempt.may_be_done
    )
