"""The words activities break with: those that come along, or raw samples from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson

from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.runs import SimulatedError

SHIPPED = Path(__file__).parent / "errors.jsonl"
_OUTER_CODES = {
    "Copy": "2200",
    "Lookup": "2100",
    "GetMetadata": "2100",
    "SqlServerStoredProcedure": "2402",
    "WebActivity": "2108",
    "Script": "2011",
    "SynapseNotebook": "6002",
    "DatabricksNotebook": "3204",
    "AzureFunctionActivity": "3608",
}
_NOT_THE_USUAL = 0.2


class WrongErrors(ValueError):
    """A file of error samples that cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSample:
    """One error text, and the kinds of activity it belongs to; none means any."""

    message: str
    outer_code: str
    failure_type: str
    kinds: tuple[str, ...] = ()


class ErrorWords:
    """Chooses what an activity breaks with: mostly the same words each time, as in real life."""

    def __init__(self, samples: Sequence[ErrorSample], seed: int) -> None:
        """Choose among these."""
        self._samples = samples
        self._seed = seed

    def broken(
        self, pipeline: str, step: str, kind: str, service: str, dice: SeededRandom
    ) -> SimulatedError:
        """Why this activity of this pipeline broke this time."""
        fitting = [one for one in self._samples if kind in one.kinds]
        fitting = fitting or [one for one in self._samples if not one.kinds] or [*self._samples]
        usual = SeededRandom(self._seed, "error", pipeline, step).one_of(fitting)
        chosen = dice.one_of(fitting) if dice.hits(_NOT_THE_USUAL) else usual
        return SimulatedError(
            code=chosen.outer_code or outer_code(kind),
            message=chosen.message.replace("{service}", service or "the linked service"),
            failure_type=chosen.failure_type or "UserError",
        )


def offline(kind: str, runtime: str, last_connect: datetime) -> SimulatedError:
    """What everything breaks with that needs a self-hosted runtime which does not answer."""
    seen = f"{last_connect:%m/%d/%Y %H:%M:%S}.{last_connect.microsecond // 1000:03} UTC"
    text = f"The Self-hosted Integration Runtime '{runtime}' is offline"
    return SimulatedError(code=outer_code(kind), message=f"{text}, last connect time is '{seen}'.")


def outer_code(kind: str) -> str:
    """The code the service puts around the error of an activity of this kind."""
    return _OUTER_CODES.get(kind, "2000")


def read_errors(path: Path = SHIPPED) -> tuple[ErrorSample, ...]:
    """The samples of a file of JSON lines; those without words are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    read = [_sample(path, at, line) for at, line in enumerate(lines, 1) if line.strip()]
    samples = tuple(one for one in read if one.message.strip())
    if not samples:
        raise WrongErrors(f"{path} has no error samples")
    return samples


def _sample(path: Path, at: int, line: str) -> ErrorSample:
    try:
        document: object = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise WrongErrors(f"{path} line {at} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise WrongErrors(f"{path} line {at} is not a JSON object")
    known = cast("dict[str, Any]", document)
    return ErrorSample(
        message=str(known.get("message") or ""),
        outer_code=str(known.get("outer_code") or ""),
        failure_type=str(known.get("failure_type") or ""),
        kinds=tuple(map(str, known.get("kinds") or ())),
    )
