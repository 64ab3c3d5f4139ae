"""The report of the main job: one HTML file that opens anywhere, without a network."""

from .page import write_report

__all__ = ["write_report"]
