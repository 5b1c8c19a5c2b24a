"""Azure Resource Manager's manners: error bodies, and the headers every answer carries."""

import itertools
import uuid
from typing import Any

import orjson
from aiohttp import web

from adf.simulator.state import UnknownResource

API_VERSION = "2018-06-01"
_OTHER_VERSIONS = {
    "/providers/microsoft.insights/": "2015-04-01",
    "/providers/microsoft.resourcehealth/": "2022-10-01",
}
_ALLOWANCE = 12_000
_MISSING_RESOURCE = (
    "The Resource '{kind}' under resource group '{group}' was not found."
    " For more details please go to https://aka.ms/ARMResourceNotFoundFix"
)
_ENTITIES = {"pipeline": "pipelines", "trigger": "triggers", "runtime": "integrationRuntimes"}


class ArmError(Exception):
    """A request that is answered with an error body."""

    def __init__(self, status: int, code: str, message: str, target: str | None = None) -> None:
        """Hold what the error body says."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.target = target


class RateAllowance:
    """Counts down what a subscription may still ask this hour, as the headers tell it."""

    def __init__(self) -> None:
        """Begin with the whole allowance of reads and of writes."""
        self._used = {"reads": itertools.count(1), "writes": itertools.count(1)}

    def header(self, counter: str) -> tuple[str, str]:
        """The header that tells what is left after one more request."""
        left = _ALLOWANCE - next(self._used[counter]) % _ALLOWANCE
        return f"x-ms-ratelimit-remaining-subscription-{counter}", str(left)


def version_of(path: str) -> str:
    """The api-version of what is asked: other providers than Data Factory have their own."""
    low = path.lower()
    return next((one for part, one in _OTHER_VERSIONS.items() if part in low), API_VERSION)


def json_answer(body: Any, status: int = 200) -> web.Response:  # noqa: ANN401
    """An answer with a JSON body."""
    return web.Response(
        body=orjson.dumps(body),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )


def error_answer(refused: ArmError) -> web.Response:
    """The error body in Resource Manager's shape; a missing token is told how to get one."""
    error = {
        "code": refused.code,
        "message": refused.message,
        "target": refused.target,
        "details": None,
    }
    answer = json_answer({"error": error}, refused.status)
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = (
            'Bearer authorization_uri="https://login.microsoftonline.com/common",'
            ' error="invalid_token", error_description="The access token is missing."'
        )
    return answer


def missing(error: UnknownResource, group: str, factory: str) -> ArmError:
    """What is answered when something asked for does not exist."""
    if error.kind == "pipeline run":
        text = f"The pipeline run with run id '{error.name}' does not exist."
        return ArmError(404, "PipelineRunNotFound", text, "pipelinerun")
    if error.kind == "resource group":
        text = f"Resource group '{error.name}' could not be found."
        return ArmError(404, "ResourceGroupNotFound", text)
    resource = f"Microsoft.DataFactory/factories/{factory}"
    if error.kind in _ENTITIES:
        resource = f"{resource}/{_ENTITIES[error.kind]}/{error.name}"
    text = _MISSING_RESOURCE.format(kind=resource, group=group)
    return ArmError(404, "ResourceNotFound", text)


def no_route(status: int, method: str) -> ArmError:
    """What is answered to a path or method the simulator does not have."""
    if status == 405:
        text = f"The requested resource does not support http method '{method}'."
        return ArmError(405, "MethodNotAllowed", text)
    if status != 404:
        return ArmError(status, "BadRequest", "The request could not be read.")
    text = (
        "The resource type could not be found in the namespace 'Microsoft.DataFactory'"
        f" for api version '{API_VERSION}'."
    )
    return ArmError(404, "InvalidResourceType", text)


def add_headers(answer: web.StreamResponse, allowance: RateAllowance, counter: str) -> None:
    """Put on what every answer of the service carries."""
    request_id = str(uuid.uuid4())
    name, left = allowance.header(counter)
    answer.headers.update(
        {
            name: left,
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": request_id,
            "x-ms-routing-request-id": f"LOCAL:{request_id}",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
        }
    )
