"""Which files a folder holds, who sent them and when: its manifest, or a reading of their headings."""

import csv
from datetime import date
from pathlib import Path

from chengxin.flow.judge import Sender
from chengxin.flow.way import Sent
from chengxin.values.errors import Refused, Said

_ALSO = {
    "code": ("uscc", "代码", "单位代码", "机关代码", "统一社会信用代码"),
    "name": ("名称", "单位名称", "机关名称", "单位", "部门"),
    "resources": ("信息类", "可报信息类"),
    "kind": ("类别", "机关类别"),
}


def sent_files(folder: Path) -> list[Sent]:
    """The files listed in `manifest.csv` (file, resource, authority, received_on), senders from `authorities.csv`.

    A history has `mode` and `order` too.
    """
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
    return [_sent(folder, row, line, senders) for line, row in rows_of(manifest, ("file", "resource", "received_on"))]


def rows_of(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a small CSV of ours with their line numbers; what can't be read is refused (`not-a-list`)."""
    try:
        if not path.is_file():  # a pipe would be waited for
            raise FileNotFoundError(path)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [
                (n, {_named(k): v or "" for k, v in row.items() if k})
                for n, row in enumerate(csv.DictReader(stream), start=2)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            "not-a-list",
            Said(
                f"{path.name} 读不出来，请存为 UTF-8 的 CSV。",
                f"{path.name} can't be read; please save it as a CSV in UTF-8.",
            ),
        ) from error
    missing = [name for name in needed if rows and name not in rows[0][1]]
    if missing:
        names = "、".join(missing)
        raise Refused("not-a-list", Said(f"{path.name} 缺少列：{names}。", f"{path.name} lacks the columns: {names}."))
    return rows


def _named(heading: str) -> str:
    """A column's name; rosters are drawn up by people, who call them so."""
    plain = heading.strip()
    return next((name for name, others in _ALSO.items() if plain.lower() in others), plain)


def _sent(folder: Path, row: dict[str, str], line: int, senders: dict[str, Sender]) -> Sent:
    try:
        received_on = date.fromisoformat(row["received_on"].strip())
    except ValueError:
        raise Refused(
            "not-a-list",
            Said(
                f"manifest.csv 第 {line} 行：received_on “{row['received_on']}” 应写成 2026-03-05。",
                f"manifest.csv line {line}: received_on {row['received_on']!r} should read like 2026-03-05.",
            ),
        ) from None
    code = row.get("authority", "")
    sender = senders.get(code) or (Sender(code) if code else None)
    mode, order = row.get("mode") or "increment", row.get("order", "").strip()
    if mode not in ("increment", "full") or not (order.isdecimal() or not order):
        raise Refused(
            "not-a-list",
            Said(
                f"manifest.csv 第 {line} 行：mode 应为 increment 或 full，order 应为整数。",
                f"manifest.csv line {line}: mode is increment or full, order a whole number.",
            ),
        )
    place = _inside(folder, row["file"])
    return Sent(place, row["resource"], sender, received_on, mode, int(order) if order else None)


def _inside(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / "files" / name):
        if name and path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    raise Refused(
        "manifest",
        Said(f"manifest.csv 中的文件 {name} 不在文件夹里。", f"{name} of manifest.csv is not in the folder."),
    )


def roster(path: Path) -> dict[str, Sender]:
    """Authorities from a CSV with the columns code, name, resources (separated by ;); none if there is no file."""
    if not path.exists():
        return {}
    found = {}
    for _, row in rows_of(path, ("code", "name")):
        listed = frozenset(x for x in row.get("resources", "").split(";") if x)
        found[row["code"]] = Sender(row["code"], row["name"] or None, listed or None)
    return found
