"""The tools about Data Factory, one typed function each; a new module is found by itself."""

from adf.tool import declared_tools
from adf.tools.scope import Adf

ADF_TOOLS = declared_tools(__name__, __path__)

__all__ = ["ADF_TOOLS", "Adf"]
