"""After several calls without an answer nobody waits for the next: it fails at once for a while."""

from collections.abc import Callable
from dataclasses import dataclass

from adf.errors import AdfError, Reach, Unavailable

ENOUGH = 6
OPEN_FOR = 5.0
# The host itself is away, whatever was asked of it.
_OF_ALL = frozenset({Reach.NAME, Reach.TRUST, Reach.NOBODY})
_EVERYTHING = "*"


@dataclass(slots=True, kw_only=True)
class _Circuit:
    """Failures in a row, and until when no call is let through."""

    failures: int = 0
    until: float = 0.0
    error: Unavailable | None = None


class CircuitBreaker:
    """Remembers failures of one subscription by operation; one call in a while tries again."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with everything well."""
        self._monotonic = monotonic
        self._circuits: dict[str, _Circuit] = {}

    def check(self, operation: str, request: str) -> None:
        """Unavailable at once while the operation, or everything, is known not to answer."""
        now = self._monotonic()
        for place in (_EVERYTHING, operation):
            circuit = self._circuits.get(place)
            if circuit is None or circuit.error is None or circuit.failures < ENOUGH:
                continue
            if now < circuit.until:
                raise _known_away(circuit, request, circuit.until - now)
            # This one tries; the others wait for what becomes of it.
            circuit.until = now + OPEN_FOR

    def succeeded(self, operation: str) -> None:
        """It answers again."""
        self._circuits.pop(operation, None)
        self._circuits.pop(_EVERYTHING, None)

    def failed(self, operation: str, error: AdfError) -> None:
        """Count a call without an answer; a refusal is an answer."""
        if not isinstance(error, Unavailable) or error.reach is Reach.NONSENSE:
            return
        place = _EVERYTHING if error.reach in _OF_ALL else operation
        circuit = self._circuits.setdefault(place, _Circuit())
        circuit.failures += 1
        circuit.error = error
        if circuit.failures >= ENOUGH:
            circuit.until = self._monotonic() + OPEN_FOR


def _known_away(circuit: _Circuit, request: str, left: float) -> Unavailable:
    last = circuit.error
    said = last.said if last else "no answer"
    words = f"{said} ({circuit.failures} times in a row; the next try is in {left:.0f} s)"
    reach = last.reach if last else Reach.SILENCE
    code, status = (last.code, last.status) if last else (None, None)
    return Unavailable(words, asked=request, code=code, status=status, reach=reach)
