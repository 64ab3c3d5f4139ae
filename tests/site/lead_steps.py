"""What is done to a lead: reported by the form or without it, asked after, acted on."""

from __future__ import annotations

import re
from typing import Any

from cast import SUZHOU
from django.test import Client
from django.urls import reverse

from corridor.site.leads import intake
from corridor.site.leads.models import Lead

PHONE = "13911112222"
NEED = {
    "need": "求租单层厂房3000到5000平方米，层高8米以上，带10吨行车，年底前入驻，计划投资2亿元。",
    "use": "新能源汽车零部件生产",
    "tax": "约1500万",
    "wish": SUZHOU,
}

REPORTER = {
    "company": "苏州澜汐精密科技有限公司",
    "contact_name": "周明远",
    "phone": PHONE,
    "agreed": "on",
}


def token_of(client: Client, query: str = "") -> str:
    page = client.get(reverse("leads:new") + query).content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: Client, token: str = "", query: str = "", **changed: str) -> Any:
    """The second step of the form."""
    data = {**NEED, **REPORTER, "step": "2", "once": token or token_of(client, query), **changed}
    return client.post(reverse("leads:new") + query, data)


def reported(**changed: Any) -> Lead:
    """A lead taken in without the form."""
    said: dict[str, Any] = {
        "need": NEED["need"],
        "company": REPORTER["company"],
        "contact_name": REPORTER["contact_name"],
        "phone": PHONE,
        "wish": SUZHOU,
    }
    more = {name: changed.pop(name) for name in ("referrer", "suspicions") if name in changed}
    return intake.report(intake.Report(**{**said, **changed}), **more)


def ask(client: Client, ref: str, four: str) -> Any:
    return client.post(reverse("leads:status"), {"ref": ref, "four": four})


def act(client: Client, lead: Lead, verb: str, **data: Any) -> Any:
    return client.post(reverse("leads:verb", args=[lead.ref, verb]), data)
