"""Teams: people of limited capacity who work in the portal."""
