"""Factories from a world file: its pipelines, runs, triggers and runtimes, written out in full."""
