"""Faults on order: which requests they hit, how many of them, and what then happens instead.

A file holds one JSON object a line, or a JSON list of them. Faults are tried in the order of the
file, and a request is broken by one at most; what hits is counted, nothing is left to chance.
`{"path": "queryPipelineRuns", "status": 429, "retry_after": 1, "times": 2}` throttles two queries.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, cast

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adf.simulator.arm.fault_responses import after_a_while, cut_off, refusal
from adf.simulator.arm.page_shapes import Order, PageShape
from adf.simulator.arm.routes import SHAPE
from adf.simulator.arm.server import Before

Cut = Literal["before_headers", "after_headers"]


class WrongFaults(ValueError):
    """The file cannot be used: which line, which field, what is wrong."""


class Fault(BaseModel):
    """What goes wrong with requests whose path fits; without counts, with every one of them.

    `path` is a pattern found anywhere in the path; `later_pages` means only requests for a further
    page. `skip` lets so many pass first, `times` hits so many after them. `status` (with `code`,
    `message`, `retry_after`, `html`) and `cut` answer in ARM's place; `delay` seconds alone are
    slow and right, `pages` and `order` right and awkward.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str = ""
    method: Literal["GET", "POST"] | None = None
    later_pages: bool = False
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int | None, Field(ge=1)] = None
    delay: Annotated[float, Field(ge=0)] = 0.0
    status: Annotated[int | None, Field(ge=400, le=599)] = None
    code: str | None = None
    message: str | None = None
    retry_after: Annotated[int | None, Field(ge=0)] = None
    html: bool = False
    cut: Cut | None = None
    pages: Annotated[int | None, Field(ge=1)] = None
    order: Order | None = None

    @property
    def breaks(self) -> bool:
        """Whether it does more than give the answer another shape."""
        return bool(self.delay or self.status or self.html or self.cut)

    @field_validator("path")
    @classmethod
    def _is_pattern(cls, path: str) -> str:
        try:
            re.compile(path)
        except re.error as error:
            raise ValueError(f"{path!r} is no pattern: {error}") from None
        return path


class Faults:
    """Answers in ARM's place, or lets a request through, as the faults say."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Begin with every count at nought."""
        self._faults = tuple(faults)
        self._hits = [0] * len(self._faults)

    async def __call__(self, request: web.Request) -> web.StreamResponse | None:
        """What happens instead of an answer; None where ARM answers, perhaps later or awkwardly."""
        for number, fault in enumerate(self._faults):
            if not await _fits(fault, request) or not self._is_due(number, fault):
                continue
            if fault.pages or fault.order:
                request[SHAPE] = PageShape(pages=fault.pages, order=fault.order)
            if fault.breaks:
                return await _break(fault, request)
        return None

    def _is_due(self, number: int, fault: Fault) -> bool:
        """Count a request that fits; whether it is one of those that are hit."""
        self._hits[number] += 1
        counted = self._hits[number] - fault.skip
        return counted > 0 and (fault.times is None or counted <= fault.times)


def read_faults(path: Path) -> Before:
    """The faults of a file; WrongFaults says what to fix."""
    text = path.read_text(encoding="utf-8").strip()
    try:
        whole: object = json.loads(text)
        told = cast("list[object]", whole) if isinstance(whole, list) else [whole]
    except json.JSONDecodeError:
        told = [_line(path, number, line) for number, line in enumerate(text.splitlines(), 1)]
    return Faults(_fault(path, number, one) for number, one in enumerate(told, 1) if one)


def _line(path: Path, number: int, line: str) -> object:
    try:
        return json.loads(line) if line.strip() else None
    except json.JSONDecodeError as error:
        raise WrongFaults(f"{path}: line {number} is not JSON: {error}") from None


def _fault(path: Path, number: int, told: object) -> Fault:
    try:
        return Fault.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "fault"
        raise WrongFaults(f"{path}: fault {number}: {place}: {first['msg']}") from None


async def _fits(fault: Fault, request: web.Request) -> bool:
    if fault.method and request.method != fault.method:
        return False
    if not re.search(fault.path, request.path, re.IGNORECASE):
        return False
    return not fault.later_pages or await _asks_on(request)


async def _asks_on(request: web.Request) -> bool:
    """Whether a request wants a further page: by a token in the body or in the address."""
    return "$skiptoken" in request.query or b'"continuationToken"' in await request.read()


async def _break(fault: Fault, request: web.Request) -> web.StreamResponse | None:
    """What happens instead of the answer; None for an answer that is only late."""
    await after_a_while(request, fault.delay)
    if fault.cut:
        return await cut_off(request, after_headers=fault.cut == "after_headers")
    return _refused(fault, request) if fault.status or fault.html else None


def _refused(fault: Fault, request: web.Request) -> web.Response:
    answer = refusal(request, fault.status or 200, fault.code, fault.message, html=fault.html)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer
