"""Settings of the site, all of them read from the environment (docs/admin.md lists them).

CORRIDOR_DATA            folder of the database, uploads, corridor.toml and the secret key
CORRIDOR_DATABASE_URL    postgresql://user:password@host:port/name; SQLite in CORRIDOR_DATA without it
CORRIDOR_HOSTS           host names the site answers to, separated by commas
CORRIDOR_URL             the address people use, for links in mails and QR codes
CORRIDOR_HTTPS           1 behind TLS: secure cookies, HSTS
CORRIDOR_PROXIES         how many reverse proxies of our own stand in front (default 0)
CORRIDOR_DEMO            1 for the demo's role bar; never set it on a site of real people
CORRIDOR_EMAIL_URL       smtp://user:password@host:port, or smtp+tls://; the console without it
CORRIDOR_FROM            the address mails are from
CORRIDOR_WEBHOOK_ALLOW   inner addresses that webhooks may go to, separated by commas
CORRIDOR_ICP, CORRIDOR_POLICE   record numbers shown in the footer
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .keys import secret_key

SITE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("CORRIDOR_DATA", "corridor-data")).resolve()
DEMO = os.environ.get("CORRIDOR_DEMO") == "1"
HTTPS = os.environ.get("CORRIDOR_HTTPS") == "1"
PROXIES = int(os.environ.get("CORRIDOR_PROXIES", "0"))

SECRET_KEY = secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CORRIDOR_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SITE_URL = os.environ.get("CORRIDOR_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
CORRIDOR_FILE = DATA / "corridor.toml"
UPLOADS = DATA / "uploads"
ICP = os.environ.get("CORRIDOR_ICP", "")
POLICE = os.environ.get("CORRIDOR_POLICE", "")

INSTALLED_APPS = [
    # Before allauth, so that our templates stand in for its own.
    "corridor.site.ui",
    "corridor.site.core",
    "corridor.site.notices",
    "corridor.site.listings",
    "corridor.site.docking",
    "corridor.site.leads",
    "corridor.site.conference",
    "corridor.site.desks",
    "corridor.site.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "corridor.site.core.middleware.limit_size",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "corridor.site.core.middleware.name_request",
    "corridor.site.core.middleware.keep_private",
    "corridor.site.core.middleware.end_old_sessions",
    "corridor.site.core.middleware.limit_rate",
    "corridor.site.core.middleware.require_second_factor",
    "corridor.site.core.middleware.Refusals",
    "corridor.site.core.typed.KeepTyped",
]

ROOT_URLCONF = "corridor.site.urls"
WSGI_APPLICATION = "corridor.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "corridor.site.ui.context.page",
            ],
        },
    }
]

if DEMO:
    INSTALLED_APPS.append("corridor.site.demo")
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("corridor.site.demo.context.bar")

#: Measured: Django's default options answer 93 of 120 simultaneous bookings with "database is
#: locked"; with these all 120 are answered. See docs/adr/0006-sqlite-options.md.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000"
    ),
}


def database(url: str | None) -> dict[str, Any]:
    """Django's database entry for ``url``; SQLite in the data folder without one."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "corridor.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            # To open it anew, and read its schema, would be a third of the time of a small page.
            "CONN_MAX_AGE": None,
        }
    at = urlsplit(url)
    if at.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"CORRIDOR_DATABASE_URL must begin with postgresql://, not {at.scheme}://")
    host = at.hostname or dict(p.split("=", 1) for p in at.query.split("&") if "=" in p).get("host")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(at.path.lstrip("/")),
        "USER": unquote(at.username or ""),
        "PASSWORD": unquote(at.password or ""),
        "HOST": unquote(host or ""),
        "PORT": str(at.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("CORRIDOR_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_BODY_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "corridor.site.core.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
#: The site's own limits (core/limits.py) are in the database; allauth's would be in process memory.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_ADAPTER = "corridor.site.core.accounts.Accounts"
ACCOUNT_FORMS = {
    "login": "corridor.site.core.accounts.LogIn",
    "reauthenticate": "corridor.site.core.accounts.PasswordAgain",
    "change_password": "corridor.site.core.accounts.NewPassword",
}
#: The address is kept as a secret; allauth's own mails are never sent.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "corridor.site.core.accounts.SecondFactor"
MFA_FORMS = {
    "authenticate": "corridor.site.core.accounts.CodeForm",
    "reauthenticate": "corridor.site.core.accounts.CodeAgainForm",
    "activate_totp": "corridor.site.core.accounts.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Corridor"
USERSESSIONS_TRACK_ACTIVITY = False

#: A session ends after this long, whatever is done in it, and after a shorter time of nothing.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 2 * 3600
#: How long a link to a new password works.
PASSWORD_RESET_TIMEOUT = 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "corridor.site.core.middleware.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXIES else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

_mail = urlsplit(os.environ.get("CORRIDOR_EMAIL_URL", ""))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _mail.hostname
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("CORRIDOR_FROM", "corridor@localhost")

#: Inner addresses that webhooks may be sent to all the same.
WEBHOOK_ALLOW = frozenset(filter(None, os.environ.get("CORRIDOR_WEBHOOK_ALLOW", "").split(",")))

SITE_NAME = _("走廊 · 要素对接平台")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "corridor.site.core.logs.Masked"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"corridor": {"level": "INFO"}},
}
