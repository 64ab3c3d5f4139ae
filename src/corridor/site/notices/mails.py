"""Notices as mails, in the language of who reads them.

Each notice is marked right after its mail was handed over: a sender killed in between sends that one
mail again, and none is lost. A mail that cannot be handed over is tried each minute for a day.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from corridor.engine.text import mask_contacts

from ..core.models import Membership
from .models import Notice

log = logging.getLogger(__name__)

#: Older ones are history: nobody wants a year of them on the day they enter an address.
FRESH = timedelta(days=1)
#: So many failures in a row are the server's, not one mail's.
PATIENCE = 5


def send_waiting(progress: Callable[[int, int], None]) -> tuple[int, int]:
    """Send a mail for every fresh notice that is unread and wanted by mail; how many, how many not.

    Ends early when the mail server takes none at all.
    """
    waiting, sent, failed, in_a_row = list(_waiting()), 0, 0, 0
    connection = get_connection()
    for number, notice in enumerate(waiting, 1):
        try:
            _send(notice, connection)
            sent, in_a_row = sent + 1, 0
        except Exception:  # whatever the server said about one mail, the others go out
            log.exception("no mail for notice %s", notice.pk)
            failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == PATIENCE:
                break
        progress(number, len(waiting))
    connection.close()
    return sent, failed


def _waiting() -> QuerySet[Notice]:
    acting = Membership.objects.filter(
        user=OuterRef("user"), party=OuterRef("party"), ended_at=None
    )
    fresh: QuerySet[Notice] = Notice.objects.filter(
        Exists(acting),
        mailed_at=None,
        read_at=None,
        created_at__gt=timezone.now() - FRESH,
        user__mails=True,
        user__is_active=True,
    )
    return fresh.exclude(user__email="").select_related("user").order_by("id")


def _send(notice: Notice, connection: BaseEmailBackend) -> None:
    with override(notice.user.language):
        page = {"notice": notice, "site": settings.SITE_URL, "site_name": settings.SITE_NAME}
        said = " ".join(mask_contacts(notice.text).split())
        body = render_to_string("notices/mail.txt", page | {"text": said})
        message = EmailMessage(said, body, to=[notice.user.email.reveal()], connection=connection)
    message.send()
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
