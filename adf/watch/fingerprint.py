"""What names a failure the same each time it occurs: where it broke, and the error without chance.

Whether a failure's report could be read or only its message is known, the name is the same.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from adf.diagnosis import dependency_of, error_mark, signature_in
from adf.records import PipelineRun, RunReport

MOST_KNOWN = 256
_TARGET = re.compile(r"Operation on target (.{1,200}?) failed:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The signature of an error at its place, and the group of failures that share its cause.

    `alike` is the same for errors that say the same anywhere; blank where the group says it surely.
    """

    signature: str
    group: str
    alike: str = ""


class Fingerprints:
    """Names failures; what an error says is worked out once for many runs that broke with it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: LRUCache[tuple[str, str], tuple[str | None, str]] = LRUCache(MOST_KNOWN)

    def of(self, report: RunReport, runs: Sequence[PipelineRun]) -> Fingerprint:
        """Name the failure of a report; `runs` are the broken runs it covers, topmost first."""
        cause = report.cause
        text = (cause.error.message, cause.error.code) if cause else (report.run.message, "")
        if cause and any(one.runtime for one in cause.failed):
            return named(report, runs, _read(report))
        if text not in self._known:
            self._known[text] = _read(report)
        return named(report, runs, self._known[text])


def _read(report: RunReport) -> tuple[str | None, str]:
    return dependency_of(report.cause), error_mark(report.cause, report.run.message)


def named(
    report: RunReport, runs: Sequence[PipelineRun], said: tuple[str | None, str]
) -> Fingerprint:
    """The name of a failure whose error names that broken thing, if any, and has that mark."""
    pipeline, activity, error = _place(report, runs)
    place = f"{pipeline}/{activity}"
    signature = hashlib.sha256(f"{place}/{error}".encode()).hexdigest()[:12]
    dependency, alike = said
    if dependency:
        return Fingerprint(signature=signature, group=dependency)
    return Fingerprint(signature=signature, group=f"{place}/{signature}", alike=alike)


def _place(report: RunReport, runs: Sequence[PipelineRun]) -> tuple[str, str, str]:
    """Pipeline and activity where the error is, and the signature of the innermost error."""
    cause = report.cause
    if cause and cause.failed:
        error, where = cause.error, cause.path[-1]
        return where.pipeline, where.activity, signature_in(error.message, error.code)
    told = signature_in(report.run.message)
    alike = [run for run in runs if signature_in(run.message) == told]
    innermost = min(alike or [report.run], key=lambda run: len(_targets(run)))
    return innermost.pipeline, (_targets(innermost) or [""])[-1], told


def _targets(run: PipelineRun) -> list[str]:
    """The activities that a message names, from the outermost to the innermost."""
    return _TARGET.findall(run.message)
