"""Several processes over one store: who leads, who is alive, and what each tells the leader."""

from bot.state.replicas.fencing import FencedStore
from bot.state.replicas.leadership import Leadership
from bot.state.replicas.order import ConversationOrder
from bot.state.replicas.registry import FleetShare, ReplicaRegistry
from bot.state.replicas.wakeups import Wakeups

__all__ = [
    "ConversationOrder",
    "FencedStore",
    "FleetShare",
    "Leadership",
    "ReplicaRegistry",
    "Wakeups",
]
