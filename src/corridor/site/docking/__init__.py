"""Matches and introductions."""
