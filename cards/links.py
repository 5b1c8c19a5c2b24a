"""Addresses that we build ourselves, on hosts we allow; never one that came out of a run."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from adf.records import Factory
from cards.text import line

HOSTS = frozenset({"adf.azure.com", "portal.azure.com", "learn.microsoft.com"})
_PRINTABLE = re.compile(r"[!-~]{1,2000}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_STUDIO = "https://adf.azure.com/en"

Studio = Mapping[str, Factory]


def run_page(studio: Studio, alias: str, run_id: str) -> str | None:
    """Where ADF Studio shows a pipeline run with its activity runs."""
    return _in_studio(studio, alias, f"monitoring/pipelineruns/{_safe(run_id)}")


def runs_page(studio: Studio, alias: str) -> str | None:
    """Where ADF Studio lists the pipeline runs of a factory."""
    return _in_studio(studio, alias, "monitoring/pipelineruns")


def pipeline_page(studio: Studio, alias: str, pipeline: str) -> str | None:
    """Where ADF Studio shows a pipeline as it is built."""
    return _in_studio(studio, alias, f"authoring/pipeline/{_safe(pipeline)}")


def allowed(url: str | None) -> str | None:
    """The address, if it is https on one of our hosts and carries no sign-in."""
    if not url or not _PRINTABLE.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme == "https" and parts.netloc in HOSTS else None


def ticket_page(url: str) -> str | None:
    """The page of a ticket, whose address was built from our settings or lies on their host.

    http is for this machine alone.
    """
    if not _PRINTABLE.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return url if is_safe and parts.hostname and "@" not in parts.netloc else None


def _in_studio(studio: Studio, alias: str, place: str) -> str | None:
    factory = studio.get(alias)
    if factory is None:
        return None
    parts = (
        ("subscriptions", factory.subscription),
        ("resourceGroups", factory.resource_group),
        ("providers/Microsoft.DataFactory/factories", factory.name),
    )
    path = "".join(f"/{name}/{_safe(value)}" for name, value in parts)
    return f"{_STUDIO}/{place}?factory={path}"


def _safe(part: str) -> str:
    return quote(line(part, 400), safe="")
