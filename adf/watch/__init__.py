"""What happens in a factory without being asked: runs that broke, runs that are well again."""

from adf.watch.dedup import Key, Seen, key_of
from adf.watch.watch import FactoryWatch, Polled

__all__ = ["FactoryWatch", "Key", "Polled", "Seen", "key_of"]
