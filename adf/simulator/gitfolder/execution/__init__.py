"""Plays a pipeline run step by step: activities, control flow, child pipelines, failures."""
