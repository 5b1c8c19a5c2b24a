"""Reads ADFOPS_PRICES: what a million tokens of each model deployment cost.

A mistake in it stops the start with one line that names the place.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from bot.factories_file import WrongFile
from bot.spending import Price


class _Price(BaseModel):
    """The price of a deployment for a million tokens; `cached` is as `input` if left out."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    input: float = Field(ge=0)
    cached: float | None = Field(None, ge=0)
    output: float = Field(ge=0)
    currency: str = Field("USD", min_length=1, max_length=5)


class _File(RootModel[dict[str, _Price]]):
    """The whole file: prices by deployment."""


def read_prices(path: Path) -> Mapping[str, Price]:
    """The prices by deployment; raises WrongFile."""
    try:
        read = _File.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongFile(f"ADFOPS_PRICES: {path}: cannot be read ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise WrongFile(f"ADFOPS_PRICES: {path}: {place}: {first['msg']}") from None
    return {name: _told(one) for name, one in read.root.items()}


def _told(one: _Price) -> Price:
    cached = one.input if one.cached is None else one.cached
    return Price(input=one.input, cached=cached, output=one.output, currency=one.currency)
