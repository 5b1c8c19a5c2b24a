"""A message's way: inbox > handler > question > answer > model_fallback > render."""
