"""The page where a party's manager keeps its tokens and webhooks; the API's own description."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..core.errors import Forbidden, Invalid, NotNow
from ..core.middleware import actor_of
from . import hooks, tokens
from .forms import TokenForm, WebhookForm
from .models import ApiToken, Delivery, Webhook
from .service import document


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def programs(request: HttpRequest) -> HttpResponse:
    """Tokens, webhooks and the last deliveries; a POST makes a token, whose text is shown once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, token=form)
    _made, text = tokens.create(actor_of(request), form.cleaned_data["name"])
    return _page(request, fresh=(_("新令牌"), text))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_hook(request: HttpRequest) -> HttpResponse:
    """Add a webhook; its secret is shown once."""
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect("api:programs")
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            _made, text = hooks.create(actor_of(request), form.cleaned_data["url"])
            return _page(request, fresh=(_("签名密钥"), text))
        except (Invalid, NotNow) as error:
            form.add_error("url", str(error.message))
    return _page(request, hook=form)


def _page(
    request: HttpRequest,
    token: TokenForm | None = None,
    hook: WebhookForm | None = None,
    fresh: tuple[str, str] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    if not actor.manager:
        raise Forbidden(_("只有本主体的管理员可以管理接口。"))
    context = {
        "token_form": token or TokenForm(),
        "hook_form": hook or WebhookForm(),
        "fresh": fresh,
        "tokens": ApiToken.objects.visible_to(actor),
        "hooks": Webhook.objects.visible_to(actor),
        "deliveries": Delivery.objects.visible_to(actor).select_related("webhook")[:20],
    }
    wrong = any(form is not None and form.errors for form in (token, hook))
    return render(request, "api/programs.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    actor = actor_of(request)
    tokens.revoke(actor, ApiToken.objects.one(actor, pk=pk))
    return redirect("api:programs")


@login_required
@require_POST
def end_hook(request: HttpRequest, pk: int) -> HttpResponse:
    """End a webhook."""
    actor = actor_of(request)
    hooks.end(actor, Webhook.objects.one(actor, pk=pk))
    return redirect("api:programs")


@login_required
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an event again."""
    actor = actor_of(request)
    hooks.replay(actor, Delivery.objects.one(actor, pk=pk))
    return redirect("api:programs")


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The API described; for anyone."""
    return HttpResponse(document(), content_type="application/json")
