"""One owner of a store file, kept by a lease beside it: `NAME.owner-7` belongs to the seventh.

SQLite's locks do not reach from one host to another on the file shares that containers use, so the
lease rests on three things that hold there too: a file is created by one of several that try, it
is gone for everybody once it is removed, and what changes can be watched. Nobody's wall clock
counts: an owner renews, and whoever waits watches it with a clock of its own.

An owner that was away for longer than VALID_SECONDS asks before it writes. Its successor waits for
LEASE_SECONDS, so the difference is what a write may take that began just in time.
"""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bot.state.store.interface import NotOwner
from bot.state.store.processes import ProcessName, is_dead, this_process

log = logging.getLogger("adfops.store")

LEASE_SECONDS = 12.0
VALID_SECONDS = 8.0
RENEW_SECONDS = 2.0
# Renewals overwrite the record in place, so that they need no room on a disk that is full.
_RECORD_BYTES = 512


def seconds_awake_or_not() -> float:
    """A clock that only runs, also while the machine sleeps; a suspended owner must notice."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """What stands in the file of an owner; `beat` grows with each renewal."""

    number: int
    holder: ProcessName | None
    beat: int = 0
    released: bool = False

    @property
    def is_free(self) -> bool:
        """Whether nobody holds it any more: given back, or its process is surely gone."""
        return self.released or (self.holder is not None and is_dead(self.holder))


class StoreLease:
    """The lease of one store file, from the first try to its release. Not for the event loop."""

    def __init__(
        self,
        file: Path,
        seconds: Callable[[], float] = seconds_awake_or_not,
        name: Callable[[], ProcessName] = this_process,
    ) -> None:
        """Hold nothing yet; `name` tells others who holds it."""
        self._file = file
        self._seconds = seconds
        self._name = name
        self.is_after_silence = False
        self._number = 0
        self._beat = 0
        self._renewed = 0.0
        self._watched: tuple[LeaseRecord | None, float] = (None, 0.0)
        self._stopped = threading.Event()
        self._renewing: threading.Thread | None = None
        self._guard = threading.Lock()

    @property
    def holder(self) -> str:
        """Who was seen to hold it, in words."""
        record = self._watched[0]
        return str(record.holder) if record and record.holder else "an unknown process"

    def try_acquire(self) -> bool:
        """Take the lease if it is free; asked again and again, it sees an owner that is gone."""
        current = self._current()
        is_free = current is None or current.is_free
        if is_free or self._is_silent(current):
            # An owner that is only suspended goes on one day, and has the file open.
            self.is_after_silence = not is_free
            return self._take(current.number if current else 0)
        return False

    def check(self) -> None:
        """Raise NotOwner unless nobody else can have taken the lease until now."""
        if self._seconds() - self._renewed > VALID_SECONDS:
            self._renew()
        if self._is_lost():
            raise NotOwner("another process owns the store now")
        if self._seconds() - self._renewed > VALID_SECONDS:
            raise NotOwner("the lease on the store could not be renewed")

    def release(self) -> None:
        """Give it back, so that the next owner need not wait."""
        self._stopped.set()
        if self._renewing:
            self._renewing.join()
        if not self._is_lost():
            with suppress(OSError):
                self._write(released=True)

    def _is_silent(self, current: LeaseRecord | None) -> bool:
        """Whether nothing was heard of the owner for a whole lease, while we watched."""
        seen, since = self._watched
        if seen != current:
            self._watched = (current, self._seconds())
            return False
        return self._seconds() - since >= LEASE_SECONDS

    def _take(self, last: int) -> bool:
        """Become the next owner, unless somebody else just did."""
        number = last + 1
        try:
            descriptor = os.open(self._place(number), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        os.close(descriptor)
        # Somebody who read the folder long ago may come here late, when others were owners since.
        if (current := self._current()) is None or current.number != number:
            self._place(number).unlink(missing_ok=True)
            return False
        self._number = number
        self._write()
        for place in self._places():
            if place[0] < number:
                place[1].unlink(missing_ok=True)
        self._renewing = threading.Thread(target=self._keep_renewing, name="lease", daemon=True)
        self._renewing.start()
        return True

    def _keep_renewing(self) -> None:
        while not self._stopped.wait(RENEW_SECONDS):
            self._renew()

    def _renew(self) -> None:
        current = self._current()
        if current is None or current.number != self._number or self._is_lost():
            return
        try:
            self._write()
        except OSError as error:
            log.warning("the lease on the store could not be renewed: %s", error)

    def _is_lost(self) -> bool:
        """Whether the next owner is there, or has been: it removes what was before it."""
        return not self._place(self._number).exists() or self._place(self._number + 1).exists()

    def _write(self, *, released: bool = False) -> None:
        """Write that we are alive into our own file, which is never made anew."""
        with self._guard:
            began = self._seconds()
            self._beat += 1
            holder = self._name()
            record = {**holder.to_json(), "beat": self._beat, "released": released}
            with self._place(self._number).open("r+b") as file:
                file.write(json.dumps(record).encode().ljust(_RECORD_BYTES))
            self._renewed = began

    def _current(self) -> LeaseRecord | None:
        """The newest owner's record; None where there never was one."""
        places = self._places()
        if not places:
            return None
        number, place = places[-1]
        try:
            stored: object = json.loads(place.read_bytes())
        except (OSError, ValueError):
            stored = None
        is_object = isinstance(stored, dict)
        return _record(number, cast("Mapping[str, Any]", stored) if is_object else dict[str, Any]())

    def _places(self) -> list[tuple[int, Path]]:
        name = re.compile(re.escape(f"{self._file.name}.owner-") + r"(\d{1,15})")
        found = ((name.fullmatch(one.name), one) for one in self._file.parent.iterdir())
        return sorted((int(match[1]), one) for match, one in found if match)

    def _place(self, number: int) -> Path:
        return self._file.with_name(f"{self._file.name}.owner-{number}")


def _record(number: int, stored: Mapping[str, Any]) -> LeaseRecord:
    """A record as it was read; one that is just being written tells nothing but its number."""
    return LeaseRecord(
        number=number,
        holder=ProcessName.from_json(stored),
        beat=int(stored.get("beat", 0)),
        released=stored.get("released") is True,
    )
