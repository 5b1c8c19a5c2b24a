"""The rows that are played with a real model: those of the recorded questions that reach one.

`rows.jsonl` adds questions that code alone is not sure of, in the words of people who are tired.
"""

from pathlib import Path

ROWS = Path(__file__).with_name("rows.jsonl")
