"""What a password must be."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Long enough, said in both languages: Django 5.2 says it in English only."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("密码太短，至少 %(n)s 位。") % {"n": self.min_length}

    def get_help_text(self) -> str:
        """What would be right."""
        return _("至少 %(n)s 位。") % {"n": self.min_length}
