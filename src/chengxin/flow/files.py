"""Which files a folder holds, who sent them and when: its manifest, or a reading of their headings."""

import csv
from datetime import date
from pathlib import Path

from chengxin.flow.judge import Sender
from chengxin.flow.way import Sent
from chengxin.values.errors import Refused, Said


def sent_files(folder: Path) -> list[Sent]:
    """The files listed in `manifest.csv` (file, resource, authority, received_on), senders from `authorities.csv`."""
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        raise Refused(
            "no-manifest",
            Said(
                f"{folder} 里没有 manifest.csv（列：file,resource,authority,received_on）。可先用 chengxin world 造一个。",
                f"{folder} has no manifest.csv (columns file,resource,authority,received_on). `chengxin world` makes one.",
            ),
        )
    senders = roster(folder / "authorities.csv")
    with manifest.open(encoding="utf-8-sig", newline="") as stream:
        return [
            Sent(
                path=_inside(folder, row["file"]),
                resource=row["resource"],
                sender=senders.get(row["authority"]) or (Sender(row["authority"]) if row["authority"] else None),
                received_on=date.fromisoformat(row["received_on"]),
            )
            for row in csv.DictReader(stream)
        ]


def _inside(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / "files" / name):
        if path.exists() and path.resolve().is_relative_to(folder.resolve()):
            return path
    raise Refused(
        "manifest",
        Said(f"manifest.csv 中的文件 {name} 不在文件夹里。", f"{name} of manifest.csv is not in the folder."),
    )


def roster(path: Path) -> dict[str, Sender]:
    """Authorities from a CSV with the columns code, name, resources (separated by ;); none if there is no file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if rows and not {"code", "name"} <= set(rows[0]):
        raise Refused(
            "roster", Said(f"{path.name} 需要 code、name 两列。", f"{path.name} needs the columns code and name.")
        )
    return {
        r["code"]: Sender(
            r["code"], r["name"] or None, frozenset(x for x in (r.get("resources") or "").split(";") if x) or None
        )
        for r in rows
    }
