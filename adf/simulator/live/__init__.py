"""A small factory that lives: it has a past, something runs now, and within a minute one fails."""
