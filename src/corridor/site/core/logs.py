"""Logs that hold no contact data."""

import logging

from corridor.engine.text import mask_contacts


class MaskContacts(logging.Filter):
    """Masks phone numbers and addresses in every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by its masked form."""
        record.msg, record.args = mask_contacts(record.getMessage()), ()
        return True
