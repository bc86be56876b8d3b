"""Flows: HubSpot's workflows, executed over time from the same JSON that its Automation v4 API gives out (F7.1)."""
