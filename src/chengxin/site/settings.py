"""Django's settings, made from the folder of a site (`CHENGXIN_SITE`) and, in service, a database (`CHENGXIN_DATABASE`).

A site's folder holds its key file, kept files, the lock and last signed state of the log, and the SQLite file if it uses one.
A demonstration answers on this machine over plain HTTP; a site in service over TLS only, under the names in its `site.json`.
"""

import contextlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from chengxin.site.folder import About, about_of
from chengxin.site.keys import load_keys
from chengxin.values.errors import Refused

FOLDER = Path(os.environ.get("CHENGXIN_SITE", "site"))
HERE = Path(__file__).parent


def _about() -> About:
    """Of a folder that is no site yet: the strictest."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return about_of(FOLDER)
    return About("")


def _secret() -> str:
    """From the site's key file, so that what was signed before a restart still holds; else one for this process."""
    with contextlib.suppress(Refused):
        return hmac.digest(load_keys(FOLDER).token, b"django", "sha256").hex()
    return secrets.token_hex(32)


ABOUT = _about()
SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [*ABOUT.hosts, *(("localhost", "127.0.0.1", "[::1]") if ABOUT.demo else ())]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "chengxin.site.store",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks_db",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "chengxin.site.urls"
WSGI_APPLICATION = "chengxin.site.wsgi.application"
APPEND_SLASH = True
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # before the files, so that sheet and scripts travel zipped too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chengxin.site.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",  # these look at nothing until a page asks who it is
    "chengxin.site.middleware.idle",
    "chengxin.site.middleware.Slashes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chengxin.site.middleware.choices",
    "allauth.account.middleware.AccountMiddleware",
    "chengxin.site.middleware.refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "chengxin.site.frame.frame",
            ],
            "builtins": ["chengxin.site.words", "chengxin.site.keeping"],
        },
    }
]

# The interface: Chinese first, English second (`site/words.py`); days and times are written as numbers everywhere.
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files that never change under their address, which names their digest (`site/frame.py`).
STATIC_URL = "/static/"
STATIC_ROOT = HERE / "static"
WHITENOISE_MAX_AGE = 365 * 86_400

CACHES = {
    # Attempts to sign in are counted for all processes together, and no flood of them may push a count out.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "store_tried",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # Copies of public pages, in this process; their keys name the legal day and the place in the log (`site/access/kept.py`).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 86_400,
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

# Long work is done by `chengxin worker`; what waits for it stands in the database (`site/actions/jobs.py`).
TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Signing in: by login name, with a second factor; nobody signs up, no e-mail is sent (`site/accounts`).
AUTH_USER_MODEL = "store.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "account_home", "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("login", "name")}),
    )
]
ACCOUNT_ADAPTER = "chengxin.site.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/10m/key"}  # an office of clerks may share one address
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ABOUT.proxied else 0
MFA_ADAPTER = "chengxin.site.accounts.adapter.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "chengxin.site.accounts.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "chengxin.site.accounts.passkeys.AuthenticateForm",
    "reauthenticate_webauthn": "chengxin.site.accounts.passkeys.ReauthenticateForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ABOUT.demo  # over plain HTTP on this machine
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "诚信"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (name if ABOUT.demo else f"__Host-{name}" for name in ("session", "csrf"))
SESSION_COOKIE_AGE = 20 * 60  # of idleness (`site/middleware.py`)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None  # until the browser is closed, like the session's
CSRF_FAILURE_VIEW = "chengxin.site.public.errors.expired"

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ABOUT.demo
SECURE_HSTS_SECONDS = 0 if ABOUT.demo else 2 * 365 * 86_400
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not ABOUT.demo
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ABOUT.proxied else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Strict"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
FILE_UPLOAD_HANDLERS: list[
    str
] = []  # no page takes a file but those that seal it as it comes (`sealing.py`, `arriving.py`)
LOGGING = {  # addresses without what was asked; Django's own logger for broken pages, without values of variables
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"errors": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["errors"], "level": "ERROR", "propagate": False},
        "chengxin": {"handlers": ["errors"], "level": "WARNING"},
        "django.security": {
            "handlers": ["errors"],
            "level": "CRITICAL",
            "propagate": False,
        },  # strangers with wrong names
    },
}

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY")


def _database(address: str | None) -> dict[str, Any]:
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "chengxin.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": " ".join(f"PRAGMA {p};" for p in _PRAGMAS),
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or parse_qs(parts.query).get("host", [""])[0],
        "PORT": str(parts.port or ""),
        "OPTIONS": {"prepare_threshold": 3},  # of statements that ask to be prepared (`store/bulk.py`), no others
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("CHENGXIN_DATABASE"))}
