"""The database server falls during a submission: what was acknowledged is there, the rest wholly or not at all."""

import os
import time
from collections.abc import Iterator

import pytest

from tests.store.faults.house import House, prepare
from tests.store.faults.test_crowd import begun, files_of, seen, sending, wrong_in
from tests.store.postgres import Server, programs, server

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL here"),
    pytest.mark.skipif("CHENGXIN_DATABASE" in os.environ, reason="it has a server of its own, once is enough"),
]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    there = programs()
    assert there is not None
    with server(there) as ours:
        yield ours


@pytest.mark.parametrize("fall", ["kill", "immediate"])
def test_the_server_falls_during_a_submission(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory, fall: str
) -> None:
    house = House(tmp_path_factory.mktemp(f"server-{fall}"), postgres.address)
    place = house.place("site")
    assert house.run(prepare, place) is not None
    for number, instant in enumerate((0.02, 0.1, 0.2, 0.4, 0.7, 1.0)):
        files = files_of(place.sent, f"falls{number}", 12)
        told = house.folder / f"told{number}"
        running = house.start(sending, place, files, told)
        begun(told)
        time.sleep(instant)
        postgres.kill() if fall == "kill" else postgres.stop("immediate")
        running.join(60)
        assert running.exitcode is not None
        postgres.start()
        acknowledged = set(told.read_text().split())
        assert wrong_in(house.run(seen, place, ""), files, acknowledged) == []
        again = house.start(sending, place, files, told)
        again.join(60)
        assert wrong_in(house.run(seen, place, ""), files, {f.name for f in files}) == []
