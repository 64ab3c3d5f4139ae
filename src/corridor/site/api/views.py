"""The page where a party's manager keeps its tokens and webhooks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ..core.errors import Forbidden, Invalid
from ..core.middleware import actor_of
from . import hooks, tokens
from .forms import TokenForm, WebhookForm
from .models import ApiToken, Delivery, Webhook


@require_http_methods(["GET", "HEAD", "POST"])
def programs(request: HttpRequest) -> HttpResponse:
    """Tokens, webhooks and the last deliveries; a POST makes a token, whose text is shown once."""
    actor = actor_of(request)
    if not actor.manager:
        raise Forbidden(_("只有本主体的管理员可以管理接口。"))
    form, fresh = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _made, fresh = tokens.create(actor, form.cleaned_data["name"])
        form = TokenForm()
    return _page(request, form, WebhookForm(), fresh)


def _page(request: HttpRequest, token: TokenForm, hook: WebhookForm, fresh: str = "") -> HttpResponse:
    actor = actor_of(request)
    context = {
        "token_form": token,
        "hook_form": hook,
        "fresh": fresh,
        "tokens": ApiToken.objects.visible_to(actor),
        "hooks": Webhook.objects.visible_to(actor),
        "deliveries": Delivery.objects.visible_to(actor).select_related("webhook")[:20],
    }
    answer = render(request, "api/programs.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    actor = actor_of(request)
    tokens.revoke(actor, ApiToken.objects.one(actor, pk=pk))
    return redirect("api:programs")


@require_POST
def add_hook(request: HttpRequest) -> HttpResponse:
    """Add a webhook; its secret is on the page."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            hooks.create(actor_of(request), form.cleaned_data["url"])
            return redirect("api:programs")
        except Invalid as error:
            form.add_error("url", str(error.message))
    return _page(request, TokenForm(), form)


@require_POST
def end_hook(request: HttpRequest, pk: int) -> HttpResponse:
    """End a webhook."""
    actor = actor_of(request)
    hooks.end(actor, Webhook.objects.one(actor, pk=pk))
    return redirect("api:programs")


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an event again."""
    actor = actor_of(request)
    hooks.replay(actor, Delivery.objects.one(actor, pk=pk))
    return redirect("api:programs")
