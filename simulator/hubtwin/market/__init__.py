"""The market: who comes, and when."""
