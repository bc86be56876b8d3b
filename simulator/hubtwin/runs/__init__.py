"""Runs: what happens, when, and which random stream decides it."""
