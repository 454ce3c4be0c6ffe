"""A lower layer narrows and explains; it never adds (山东省社会信用条例 Art. 10)."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.lint.shape import OVERLAY_KEYS, kind_of
from chengxin.standards.load import LAYERS


def _named(book: Book, layer: str) -> set[str]:
    """Names of the resources that have a file in a layer, readable or not."""
    folder = book.root / layer / "resources"
    return {p.stem.partition("@")[0] for p in folder.glob("*.yaml") if not p.stem.endswith(".cases")}


def _listed(book: Book, layer: str) -> list[str] | None:
    data = book.raw.get(f"{layer}/{layer}-list.yaml")
    items = data.get("items") if isinstance(data, Mapping) else None
    return [str(i) for i in items] if isinstance(items, list) else None


def items_come_from_above(book: Book) -> Iterator[Complaint]:
    """An item of a layer, in its list or as a file, is an item of the layer above."""
    allowed = _named(book, LAYERS[0])
    for above, layer in pairwise(LAYERS):
        own = _listed(book, layer)
        listed_here = [(f"{layer}/{layer}-list.yaml", "items", n) for n in own or ()]
        files_here = [(f"{layer}/resources/{n}.yaml", "", n) for n in sorted(_named(book, layer))]
        for file, place, name in listed_here + files_here:
            if name not in allowed:
                yield complain(
                    file, place, "layer-adds-item", f"{above} 没有列出 {name}，下级不得增加",
                    f"{above} does not list {name}; a lower layer can't add it",
                )  # fmt: skip
        allowed = allowed & set(own) if own is not None else allowed


def overlays_only_narrow(book: Book) -> Iterator[Complaint]:
    """A lower layer's file of a resource adds no fields or rules, names known fields and keeps nothing longer."""
    for file, data in book.raw.items():
        if kind_of(file) != "overlay" or file in book.misshaped:
            continue
        name = file.rpartition("/")[2].removesuffix(".yaml").partition("@")[0]
        base = next((r for r in book.resources.values() if r.name == name), None)
        for key in data:
            if key not in OVERLAY_KEYS:
                known = listed(OVERLAY_KEYS)
                yield complain(
                    file,
                    str(key),
                    "layer-adds",
                    f"下级不得增加 {key}；可写：{known}",
                    f"a lower layer can't add {key}; it may have: {known}",
                )
        if base is None:
            continue
        for field in [*(data.get("aliases") or {}), *(data.get("withhold") or [])]:
            if field not in base.by_name:
                yield complain(
                    file, str(field), "layer-adds", f"上级没有数据项 {field}", f"the layer above has no field {field}"
                )
        years, limit = (data.get("retention") or {}).get("hard_end_years"), base.retention.get("hard_end_years")
        if years is not None and not (type(years) is type(limit) is int and years <= limit):
            yield complain(
                file,
                "retention",
                "layer-loosens",
                f"保存期只能缩短（上级 {limit} 年）",
                f"may only be kept shorter (above: {limit} years)",
            )


def tables_are_national(book: Book) -> Iterator[Complaint]:
    """A lower layer does not restate a national table (severity, lists, what is forbidden, disclosure …)."""
    for file in book.raw:
        layer, _, rest = file.partition("/")
        if layer in LAYERS[1:] and "/" not in rest and f"cn/{rest}" in book.raw:
            yield complain(
                file,
                "",
                "layer-restates",
                f"cn/{rest} 由国家层规定，下级不得改写",
                f"cn/{rest} is set by the nation; a lower layer can't restate it",
            )


CHECKS = [items_come_from_above, overlays_only_narrow, tables_are_national]
