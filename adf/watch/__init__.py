"""What happens in a factory without being asked: runs that broke, runs that are well again."""

from adf.watch.dedup import Key, Seen, key_of
from adf.watch.watch import Polled, Watch

__all__ = ["Key", "Polled", "Seen", "Watch", "key_of"]
