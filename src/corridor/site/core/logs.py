"""Logs that hold no contact data."""

import logging

from corridor.engine.text import mask_contacts


class Masked(logging.Formatter):
    """Masks phone numbers and addresses in every line, those of an exception too."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines as they are written."""
        return mask_contacts(super().format(record))
