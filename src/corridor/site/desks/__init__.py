"""Desks."""
