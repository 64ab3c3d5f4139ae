"""A draft begun, and what its second step asks for."""

from browsing import Fields, sent
from django.test import Client

from corridor.site.listings.models import Listing

TEXT = "我司急需在苏州租3000到5000平单层厂房，层高8米以上，带10吨行车。联系王工13912345678。"
CONTACT = {
    "anonymity": "public",
    "contact_name": "王小明",
    "contact_phone": "13800001234",
    "capacity": "1",
    "agreed": "on",
}


def begun(client: Client, text: str = TEXT) -> Listing:
    """A draft after step 1."""
    answer = sent(client, "/listings/new/", text=text)
    assert answer.status_code == 302, answer.content.decode()
    return Listing.objects.latest("id")


def begun_with(client: Client) -> Listing:
    """A draft made by a client that checks its tokens."""
    data = Fields(client.get("/listings/new/").content.decode()).data | {"text": TEXT}
    assert client.post("/listings/new/", data).status_code == 302
    return Listing.objects.latest("id")
