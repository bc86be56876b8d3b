"""Ways in: the served portal, in-process doors for unmodified clients, a portal on this machine."""
