"""The short form of workflows in portal files, and HubSpot's own JSON: each out of the other (F7.2)."""
