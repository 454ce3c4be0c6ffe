"""Killed at any statement and any file write: what was acknowledged is there, a change set is seen whole or not at all, and
doing the same again comes to what it would have come to without the fault."""

import functools
from typing import Any

import pytest

from tests.store.faults import acts
from tests.store.faults.acts import ACTS, DONE, Place
from tests.store.faults.house import House
from tests.store.faults.points import kill


@functools.cache
def clean(house: House, prepared: Place, name: str) -> Any:
    """The act without a fault: all that was to be seen, the end, and the points that it passes."""
    place, other = house.copy(prepared), house.copy(prepared)
    found = house.run(acts.stages, place, name)
    points = house.run(acts.act, other, name)["points"]
    house.drop(place)
    house.drop(other)
    return found | {"points": points}


def struck(house: House, prepared: Place, name: str, at: int) -> list[str]:
    """What is wrong after a kill at this point."""
    wanted, place = clean(house, prepared, name), house.copy(prepared)
    ended = house.run(acts.act, place, name, at, kill)
    found = house.run(acts.look, place, name)
    wrong = []
    if ended is not None:
        wrong.append("it was not killed")
    if found["first"]["seen"] not in wanted["stages"]:
        wrong.append(f"half visible: {found['first']['seen']}")
    if found["again"] not in ("done", *DONE):
        wrong.append(f"again: {found['again']}")
    if found["last"]["seen"] != wanted["end"]:
        wrong.append(f"the end is another: {_differences(found['last']['seen'], wanted['end'])}")
    wrong += [f for when in ("first", "last") for f in (*found[when]["faults"], *found[when]["counted"])]
    if "sealed" in (found["first"]["person"], found["last"]["person"]):
        wrong.append("a person's records can't be opened")
    wrong += [f"left behind: {name}" for name in found["left"]]
    house.drop(place)
    return [f"{wanted['points'][at - 1]}: {w}" for w in wrong]


def _differences(one: Any, other: Any) -> str:
    return "; ".join(f"{k}: {one[k]} instead of {other[k]}" for k in one if one[k] != other[k])


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_where_something_lasting_was_just_written(house: House, prepared: Place, name: str) -> None:
    points = clean(house, prepared, name)["points"]
    lasting = [n for n, what in enumerate(points, 1) if what == "sql after COMMIT" or what.startswith("file os.rename")]
    chosen = lasting[:: max(1, len(lasting) // 2)]
    assert chosen
    wrong = [w for at in chosen for w in struck(house, prepared, name, at)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.prove
@pytest.mark.parametrize("name", ACTS)
def test_a_kill_at_every_point(house: House, prepared: Place, name: str) -> None:
    points = clean(house, prepared, name)["points"]
    assert len(points) > 10
    wrong = [w for at in range(1, len(points) + 1) for w in struck(house, prepared, name, at)]
    assert not wrong, "\n".join(wrong)
