"""What an expression can see at the place where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from adf.simulator.gitfolder.expressions.values import OPAQUE


@dataclass(slots=True, kw_only=True)
class ExpressionScope:
    """What an expression can see: parameters, variables, the item, and what has run before."""

    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    item: Any = OPAQUE
    activities: dict[str, Any] = field(default_factory=dict[str, Any])
    system: Mapping[str, Any] = field(default_factory=dict[str, Any])
    trigger: Any = OPAQUE
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
