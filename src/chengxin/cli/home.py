"""What the command line remembers between calls: confirmed codes and the headings of each authority."""

import csv
import os
from pathlib import Path

from platformdirs import user_state_path


def home() -> Path:
    """The folder for it: `CHENGXIN_HOME`, else the user's own state folder."""
    given = os.environ.get("CHENGXIN_HOME")
    return Path(given) if given else user_state_path("chengxin")


CONFIRMED_COLUMNS = ["code", "name", "confirmed_by", "document", "confirmed_on"]


def confirmed_codes() -> frozenset[str]:
    """Codes that an officer confirmed as really issued although their check character is wrong."""
    path = home() / "confirmed_codes.csv"
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream))


def remember_code(row: dict[str, str]) -> None:
    """Add one confirmed code; the file is replaced as a whole, so that a crash leaves the old one."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "confirmed_codes.csv"
    rows = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [r for r in csv.DictReader(stream) if r["code"] != row["code"]]
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, CONFIRMED_COLUMNS)
        writer.writeheader()
        writer.writerows([*rows, row])
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
