"""Django's settings, made from the folder of a site (`CHENGXIN_SITE`) and, in service, a database (`CHENGXIN_DATABASE`).

A site's folder holds its key file, kept files, the lock and last signed state of the log, and the SQLite file if it uses one.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

FOLDER = Path(os.environ.get("CHENGXIN_SITE", "site"))
INSTALLED_APPS = ["chengxin.site.store"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
SECRET_KEY = "unused: nothing is signed before there are pages"  # noqa: S105 - no page, no session, no token yet


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
    }


DATABASES = {"default": _database(os.environ.get("CHENGXIN_DATABASE"))}
