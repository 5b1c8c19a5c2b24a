"""Factories made from a Git folder: their definitions, and seeded runs of them."""

from adf.simulator.gitfolder.execution.error_texts import WrongErrors
from adf.simulator.gitfolder.factory import factory_from_folder
from adf.simulator.gitfolder.folder import WrongFolder

__all__ = ["WrongErrors", "WrongFolder", "factory_from_folder"]
