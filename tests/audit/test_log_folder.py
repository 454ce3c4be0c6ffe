"""Names of the files of a log, and bundles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.audit.log_folder import decode_bundle, encode_bundle, path_of_entries, path_of_tile

NAMES = {
    (0, 0, 256): "tile/0/000",
    (0, 67, 256): "tile/0/067",
    (1, 1067, 256): "tile/1/x001/067",
    (0, 1_234_067, 256): "tile/0/x001/x234/067",
    (2, 273, 112): "tile/2/273.p/112",
    (63, 1000, 1): "tile/63/x001/000.p/1",
}


@pytest.mark.parametrize(("place", "name"), NAMES.items())
def test_a_tile_has_the_name_of_the_specification(place: tuple[int, int, int], name: str) -> None:
    assert path_of_tile(*place) == name
    assert path_of_entries(*place[1:]) == name.replace(f"tile/{place[0]}/", "tile/entries/")


@pytest.mark.parametrize("place", [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_out_of_range_has_no_name(place: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no "):
        path_of_tile(*place)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    data = encode_bundle(entries)
    assert decode_bundle(data) == entries
    with pytest.raises(ValueError, match="bundle"):
        decode_bundle(data[:-1])
    with pytest.raises(ValueError, match="bundle"):
        decode_bundle(data + b"\0")


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(65_536)]])
def test_what_fits_no_bundle_is_refused(entries: list[bytes]) -> None:
    with pytest.raises(ValueError, match="bundle"):
        encode_bundle(entries)


def test_the_longest_entry_fits_and_too_many_do_not_come_back() -> None:
    assert decode_bundle(encode_bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(ValueError, match="bundle"):
        decode_bundle(bytes(2 * 257))
