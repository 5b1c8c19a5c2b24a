"""Keeps of a long text its beginning and its end, before anything reads it."""

from collections.abc import Callable

LONGEST = 64 * 1024
# Beside a cut a secret may have lost its name or its end: that much is looked at and left out.
OVERLAP = 2 * 1024
LEFT_OUT = "\n[... a part of this text was left out ...]\n"


def capped(text: str, longest: int, clean: Callable[[str], str]) -> str:
    """The beginning and the end of a long text, cleaned; the innermost error stands at the end."""
    before = longest // 8
    after = longest - before - len(LEFT_OUT)
    head = clean(text[: before + OVERLAP])[:before]
    return head + LEFT_OUT + clean(text[-(after + OVERLAP) :])[OVERLAP:][-after:]
