"""Journeys: how buyers become customers, as data, and the walk of buyers through them."""
