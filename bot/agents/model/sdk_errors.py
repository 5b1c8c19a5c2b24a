"""Reads an error of the SDKs as one of our kinds; imports them, so it is imported late itself."""

import json

import httpx2
import openai
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
    ServiceResponseError,
)

from adf.redaction import redact_start
from bot.agents.model.errors import FailureKind, ModelFailure, is_unclear, kind_of

SDK_ERRORS = (openai.OpenAIError, AzureError, json.JSONDecodeError, UnicodeDecodeError)


def failure_of(
    error: Exception, *, begun: bool = False, called: bool = False, keeps: bool = False
) -> ModelFailure:
    """The failure that an SDK's error means; `keeps` where a conversation keeps what is sent."""
    return ModelFailure(
        _kind(error),
        redact_start(error, 400)[:400],
        retry_after=_retry_after(error),
        begun=begun,
        called=called,
        is_taken=_is_taken(error, keeps=keeps),
        is_unclear=isinstance(error, openai.APIStatusError)
        and is_unclear(error.code, str(error), error.status_code),
    )


def _kind(error: Exception) -> FailureKind:
    if isinstance(error, openai.APITimeoutError):
        return FailureKind.TIMEOUT
    if isinstance(error, openai.APIConnectionError):
        return FailureKind.NETWORK
    if isinstance(error, openai.APIStatusError):
        return kind_of(error.code, str(error), error.status_code, error.param)
    if isinstance(error, openai.APIError):
        return kind_of(error.code, str(error))
    return _kind_of_azure(error)


def _kind_of_azure(error: Exception) -> FailureKind:
    """Errors of azure-core: of the sign-in, or of what is asked about agents."""
    if isinstance(error, ResourceNotFoundError):
        return FailureKind.CONFIG
    if isinstance(error, HttpResponseError) and error.status_code:
        code = error.error.code if error.error else None
        return kind_of(code, str(error.message), error.status_code)
    if isinstance(error, ClientAuthenticationError):
        return FailureKind.AUTH
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        return FailureKind.NETWORK
    return FailureKind.SERVER


def _is_taken(error: Exception, *, keeps: bool) -> bool:
    """Whether the service may have stored what was sent, though it did not say so."""
    if isinstance(error, openai.APIStatusError):
        turned_away = error.status_code == 503 and _retry_after(error) is not None
        return keeps and error.status_code >= 500 and not turned_away
    is_cut = isinstance(error, openai.APIConnectionError)
    return is_cut and not isinstance(error.__cause__, httpx2.ConnectError)


def _retry_after(error: Exception) -> float | None:
    """Seconds to wait as the service said them."""
    if not isinstance(error, openai.APIStatusError):
        return None
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return float(headers["retry-after-ms"]) / 1000
        return float(headers["retry-after"]) if "retry-after" in headers else None
    except ValueError:
        return None
