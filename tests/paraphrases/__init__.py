"""Paraphrases made by a seeded generator over two invented worlds, to measure "sure and wrong"."""
