"""Notices: what happened, to whom it matters, and the next thing to do."""
