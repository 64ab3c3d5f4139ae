"""Template tags of the conference app."""
