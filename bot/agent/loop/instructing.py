"""The reviewed instructions of the model, read from their text file."""

from pathlib import Path

FILE = Path(__file__).parents[1] / "instructions.md"


def read_instructions() -> str:
    """The text as it goes to the model."""
    return FILE.read_text(encoding="utf-8").strip()
