"""What an act will do, before it is done: computed from definitions and runs, never guessed."""

from adf.previews.preview import preview_action

__all__ = ["preview_action"]
