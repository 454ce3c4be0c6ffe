"""A prepared site for all faults of a module, on SQLite or on the server that `CHENGXIN_DATABASE` names."""

import os
from pathlib import Path

import pytest

from tests.store.faults.acts import Place
from tests.store.faults.house import House, prepare


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("faults"), os.environ.get("CHENGXIN_DATABASE"))


@pytest.fixture(scope="session")
def prepared(house: House) -> Place:
    place = house.place("prepared")
    assert house.run(prepare, place) is not None
    return place


@pytest.fixture
def copied(house: House, prepared: Place) -> Path:
    return house.copy(prepared).folder
