"""Pages of the conference app."""
