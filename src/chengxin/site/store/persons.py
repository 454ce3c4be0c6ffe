"""What is held about a person, opened with that person's own data key. Who may, the gate says; nothing here decides it."""

from chengxin.site.keys import Keys
from chengxin.site.store.models import PersonKey
from chengxin.site.store.registers import opened_text


def data_key(keys: Keys, person: str) -> bytes | None:
    """The key of a person (id of the subject); None once it was destroyed."""
    known = PersonKey.objects.filter(subject=person).first()
    return keys.unwrap(bytes(known.wrapped), known.wrapped_by, f"person-key {person}") if known else None


def unsealed(keys: Keys, person: str, row: str, content: str) -> str | None:
    """The text of one sealed content of the version `row`; None once the person's key was destroyed."""
    key = data_key(keys, person)
    return opened_text(key, content, row) if key else None
