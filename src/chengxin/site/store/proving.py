"""Proofs out of the log of a site: that it holds the issue of a report."""

from collections.abc import Mapping

from chengxin.audit.canonical import Content
from chengxin.audit.events import Tag, content
from chengxin.audit.merkle import inclusion_proof
from chengxin.reports.proof import Entry, proof_text
from chengxin.site.store.log import entries_of
from chengxin.site.store.models import ChangeSet, Checkpoint, Event
from chengxin.site.store.tiles import tiles


def proof_of(change_set: int, place: int, values: Mapping[str, Content]) -> bytes:
    """The proof of one event of a change set by the checkpoint that came with it. `values`: the tag's own fields."""
    change = ChangeSet.objects.get(number=change_set)
    event = Event.objects.get(change_set=change_set, place=place)
    if change.first_index is None:
        raise LookupError(f"change set {change_set} is not in the log yet")
    said: dict[str, Content] = {
        "item": change.item,
        "authority": change.authority,
        "day": change.known_on.isoformat(),
        "previous": event.previous,
        **values,
    }
    size = change.first_index + change.events
    index = change.first_index + place
    entries = [entry for part in entries_of(change) for entry in part]
    entry = Entry(index, entries[place], bytes(event.salt), content(Tag(event.tag), said))
    note = Checkpoint.objects.get(size=size).note
    return proof_text(entry, inclusion_proof(index, size, tiles), bytes(note))
