"""One complaint about the catalogue."""

from dataclasses import dataclass

from chengxin.values.errors import Said


@dataclass(frozen=True)
class Complaint:
    """What is wrong, where. `file` is the path below the catalogue, `place` the entry in it, `code` never changes."""

    file: str
    place: str
    code: str
    said: Said


def complain(file: str, place: str, code: str, zh: str, en: str) -> Complaint:
    """A complaint with its sentence in both languages."""
    return Complaint(file, place, code, Said(zh, en))


def listed(names: object) -> str:
    """Names for a sentence that is the same in both languages."""
    return ", ".join(map(str, names)) if isinstance(names, (list, tuple, set, frozenset, dict)) else str(names)
