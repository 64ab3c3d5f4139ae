"""Docking conferences."""
