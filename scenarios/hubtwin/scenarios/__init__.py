"""Scenarios: YAML files that say what must hold in a portal, and the story of why it didn't.

Nothing is imported here, because a pytest plugin lives in this package. `suites.read_suite` reads a file and
`runner.run` runs one of its tests.
"""
