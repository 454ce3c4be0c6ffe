"""The feed of changes: what a reader who holds all of one place must put and drop to hold all of a later one.

Three terms say which versions: `gone` ended in between, `put` began to count in between, `due` counted before and their day has
come. A version never changes, so what its id once stood for holds until it is gone; its last day goes with it, and a reader who
folds the feed drops what is over. Folded to any place and day it is what the gate allows there, which is the snapshot.

Judgements that two subjects are one go the same way (`parted`, `joined`). What was found not to fit the log any more, or to fit
it again, is told by `checked`: it is no change set, so its own numbers say how far a reader is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chengxin.sharing.condition import At, Condition, Effect, Window, chosen
from chengxin.sharing.terms import AllOf, AtLeast, AtMost, Term
from chengxin.values.spoken import Spoken


class Step(Spoken):
    """The parts of a feed between two places, in the order in which they are told."""

    GONE = "gone", "不再提供", "no longer shown"
    PUT = "put", "新提供", "shown from now on"
    DUE = "due", "到日提供", "shown since its day has come"
    PARTED = "parted", "不再合并", "no longer one subject"
    JOINED = "joined", "判为同一主体", "judged to be one subject"
    CHECKED = "checked", "与日志核对", "held against the log"
    DISPUTED = "disputed", "异议标注变化", "somebody began or ceased to object"


@dataclass(frozen=True)
class Place:
    """How far a reader is: burdens to `included`, ends to `committed` (numbers of change sets), as of a day.

    `checked`: the number of the last word about what does not fit the log.
    """

    included: int
    committed: int
    day: date
    checked: int = 0

    @property
    def at(self) -> At:
        """The place as the gate's condition asks for it."""
        return At(self.day, self.included, self.committed)


START = Place(0, 0, date.min)  # holds nothing
Entry = Mapping[str, Any]  # op: put | gone; id; of what is put also last_day and the record


def between(conditions: Iterable[Condition], held: Place, wanted: Place, now: Place) -> dict[Step, Term]:
    """Which versions a reader at `held` is told of on the way to `wanted`; the steps that are no versions are not among them.

    `now`: the place of the telling, `wanted` or later: what has ended since is told to nobody any more, whatever the way's end.
    """
    asked = list(conditions)
    ever = chosen((replace(c, window=Window.ANY, effect=Effect.EVER) for c in asked), wanted.at)
    seen = chosen(asked, At(now.day, wanted.included, now.committed))
    counted = AtMost("since", held.included)
    ended = (AtLeast("until", held.committed + 1), AtMost("until", wanted.committed))
    come = AtMost("decided_on", wanted.day)
    if held.day > date.min:
        come_since: Term = AllOf((AtLeast("decided_on", _after(held.day)), come))
    else:
        come_since = come
    return {
        Step.GONE: AllOf((ever, counted, *ended)),
        Step.PUT: AllOf((seen, AtLeast("since", held.included + 1), AtMost("since", wanted.included))),
        Step.DUE: AllOf((seen, counted, come_since)),
    }


def _after(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + 1, date.max.toordinal()))


def fold(held: dict[str, Entry], entries: Iterable[Entry]) -> dict[str, Entry]:
    """What a reader holds after these entries; the same entry twice is as once. Changes and returns `held`."""
    for entry in entries:
        if entry["op"] == "put":
            held[entry["id"]] = entry
        else:
            held.pop(entry["id"], None)
    return held


def standing(held: Mapping[str, Entry], day: date) -> Iterator[Entry]:
    """Of what a reader holds, what may still be shown on a day."""
    return (e for e in held.values() if e["last_day"] is None or str(e["last_day"]) >= day.isoformat())
