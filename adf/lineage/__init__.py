"""Who waits for whom and who uses what, from the definitions of a factory and its owners' words."""

from adf.lineage.build import declared_lineage, lineage_of
from adf.lineage.graph import LineageGraph, Reached

__all__ = ["LineageGraph", "Reached", "declared_lineage", "lineage_of"]
