"""Measures: what a run shows."""
