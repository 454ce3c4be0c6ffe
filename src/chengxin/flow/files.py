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
    return [_sent(folder, row, senders) for row in _rows(manifest, ("file", "resource", "authority", "received_on"))]


def _sent(folder: Path, row: dict[str, str], senders: dict[str, Sender]) -> Sent:
    try:
        received_on = date.fromisoformat(row["received_on"])
    except ValueError as error:
        said = f"manifest.csv 中 {row['file']} 的收到日期“{row['received_on']}”应写成 2026-03-10 的样子。"
        raise Refused(
            "manifest", Said(said, f"manifest.csv: received_on of {row['file']} should read 2026-03-10.")
        ) from error
    sender = senders.get(row["authority"]) or (Sender(row["authority"]) if row["authority"] else None)
    return Sent(_inside(folder, row["file"]), row["resource"], sender, received_on)


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a small CSV (UTF-8) with at least these columns; empty cells are ""."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [{k: v if isinstance(v, str) else "" for k, v in row.items() if k} for row in reader]
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        said = f"{path.name} 读不出来：应是 UTF-8 编码的 CSV 文件。"
        raise Refused("list", Said(said, f"{path.name} can't be read: it should be a CSV file in UTF-8.")) from error
    if not set(columns) <= set(reader.fieldnames or ()):
        needed = ",".join(columns)
        said = f"{path.name} 的第一行需要有这些列：{needed}。"
        raise Refused("list", Said(said, f"{path.name} needs these columns in its first row: {needed}."))
    return rows


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
    rows = _rows(path, ("code", "name"))
    return {
        r["code"]: Sender(
            r["code"], r["name"] or None, frozenset(x for x in (r.get("resources") or "").split(";") if x) or None
        )
        for r in rows
    }
