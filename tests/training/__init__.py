"""Trains the intent classifier from its corpus and measures it on authors it has not seen."""
