"""Filter branches: HubSpot's grammar of lists, read into criteria that records meet or don't (W6.4)."""
