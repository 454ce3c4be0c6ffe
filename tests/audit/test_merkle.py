"""The tree: published vectors, every small tree against the recursive text of the RFC, any split of the leaves."""

import base64
import json
from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.audit.merkle import (
    EMPTY_ROOT,
    Tile,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    node_hash,
    root,
)
from chengxin.audit.proofs import verify_consistency, verify_inclusion
from tests.audit.made import (
    VECTORS,
    Memory,
    leaf,
    leaves,
    plain_consistency,
    plain_inclusion,
    plain_root,
)

TREE = json.loads((VECTORS / "rfc6962_tree.json").read_text("utf-8"))
PROOFS = [json.loads(line) for line in (VECTORS / "rfc6962_proofs.jsonl").read_text("utf-8").splitlines()]
HASHES = {"leafHash", "root", "root1", "root2"}
# On both sides of every border of a tile, and in the third level.
BORDERS = [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000]


@pytest.fixture(scope="module")
def large() -> Memory:
    return Memory().add(leaves(0, 70_000))


@pytest.mark.parametrize("vector", PROOFS, ids=lambda v: v["file"].removeprefix("testdata/").removesuffix(".json"))
def test_published_proofs(vector: dict[str, Any]) -> None:
    v: dict[str, Any] = {k: base64.b64decode(x) if k in HASHES else x for k, x in vector.items()}
    proof = [base64.b64decode(step) for step in v["proof"] or []]
    if v["kind"] == "inclusion":
        good = verify_inclusion(v["leafHash"], v["leafIdx"], v["treeSize"], proof, v["root"])
    else:
        good = verify_consistency(v["size1"], v["root1"], v["size2"], v["root2"], proof)
    assert good != v["wantErr"]


def test_the_reference_tree() -> None:
    entries = [bytes.fromhex(text) for text in TREE["leaf_inputs_hex"]]
    assert EMPTY_ROOT.hex() == TREE["empty_root_hex"] == Memory().root().hex()
    for size, wanted in enumerate(TREE["root_hex_by_size_from_1"], 1):
        assert Memory().add(leaf_hashes(entries[:size])).root().hex() == wanted
    assert leaf_hash(b"L123456").hex() == TREE["leaf_hash_of"]["ascii:L123456"]
    assert node_hash(b"N123", b"N456").hex() == TREE["node_hash_of"]["ascii:N123|N456"]


@pytest.mark.parametrize("size", range(1, 70))
def test_every_small_tree_agrees_with_the_plain_oracle(size: int) -> None:
    log = Memory().add(leaves(0, size))
    top = log.root()
    assert top == plain_root(0, size)
    for i in range(size):
        proof = inclusion_proof(i, size, log.read)
        assert proof == plain_inclusion(i, 0, size)
        assert verify_inclusion(leaf(i), i, size, proof, top)
        assert not verify_inclusion(leaf(i), i + 1, size, proof, top)
        old = consistency_proof(i + 1, size, log.read)
        assert old == plain_consistency(i + 1, 0, size)
        assert verify_consistency(i + 1, plain_root(0, i + 1), size, top, old)
        assert not verify_consistency(i, plain_root(0, i + 1), size, top, old)


@pytest.mark.parametrize("size", BORDERS)
def test_large_trees_agree_with_the_plain_oracle(size: int, large: Memory) -> None:
    log = Memory().add(leaves(0, size)) if size < large.size else large
    top = log.root()
    assert top == plain_root(0, size)
    for i in {0, 1, 254, size // 3, size // 2, size - 2, size - 1}:
        assert inclusion_proof(i, size, log.read) == plain_inclusion(i, 0, size)
        assert verify_inclusion(leaf(i), i, size, plain_inclusion(i, 0, size), top)
        assert consistency_proof(i + 1, size, log.read) == plain_consistency(i + 1, 0, size)
        assert verify_consistency(i + 1, plain_root(0, i + 1), size, top, plain_consistency(i + 1, 0, size))


@given(st.lists(st.integers(0, 400), max_size=6))
@settings(max_examples=40)
def test_any_split_of_the_leaves_gives_the_same_tiles_and_root(steps: list[int]) -> None:
    log = Memory()
    for step in steps:
        log.add(leaves(log.size, log.size + step))
    at_once = Memory().add(leaves(0, sum(steps)))
    assert log.current() == at_once.kept
    assert log.root() == at_once.root()


def test_a_split_across_the_second_level_gives_the_same_tiles(large: Memory) -> None:
    log = Memory().add(leaves(0, 65_530)).add(leaves(65_530, 65_536)).add(leaves(65_536, 70_000))
    assert log.current() == large.kept


def test_the_tiles_are_those_of_the_example_in_the_specification(large: Memory) -> None:
    widths = {(level, index): width for level, index, width in large.kept}
    assert len(large.kept) == 273 + 1 + 1 + 1 + 1
    assert [widths[0, 272], widths[0, 273], widths[1, 0], widths[1, 1], widths[2, 0]] == [256, 112, 256, 17, 1]


@given(st.integers(0, 69_999), st.data())
@settings(max_examples=60)
def test_any_flipped_bit_makes_a_proof_fail(large: Memory, index: int, data: st.DataObject) -> None:
    proof, top = inclusion_proof(index, large.size, large.read), large.root()
    parts = [leaf(index), *proof, top]
    bit = data.draw(st.integers(0, 256 * len(parts) - 1))
    wrong = bytearray(parts[bit // 256])
    wrong[bit % 256 // 8] ^= 1 << bit % 8
    parts[bit // 256] = bytes(wrong)
    assert not verify_inclusion(parts[0], index, large.size, parts[1:-1], parts[-1])


@given(st.integers(1, 69_999), st.data())
@settings(max_examples=60)
def test_any_flipped_bit_makes_a_consistency_proof_fail(large: Memory, old: int, data: st.DataObject) -> None:
    parts = [plain_root(0, old), *consistency_proof(old, large.size, large.read), large.root()]
    assert verify_consistency(old, parts[0], large.size, parts[-1], parts[1:-1])
    bit = data.draw(st.integers(0, 256 * len(parts) - 1))
    wrong = bytearray(parts[bit // 256])
    wrong[bit % 256 // 8] ^= 1 << bit % 8
    parts[bit // 256] = bytes(wrong)
    assert not verify_consistency(old, parts[0], large.size, parts[-1], parts[1:-1])


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    log = Memory().add(leaves(0, size))
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, log.read)
    assert not verify_inclusion(leaf(0), index, size, [], leaf(0))


def test_a_proof_asks_once_for_all_tiles_it_takes(large: Memory) -> None:
    asked: list[Collection[Tile]] = []

    def told(wanted: Collection[Tile]) -> dict[Tile, bytes]:
        asked.append(wanted)
        return large.read(wanted)

    inclusion_proof(300, large.size, told)
    assert [{(level, index) for level, index, _ in tiles} for tiles in asked] == [{(0, 1), (0, 273), (1, 0), (1, 1)}]
    consistency_proof(300, large.size, told)
    assert len(asked) == 2


@pytest.mark.parametrize("old", [0, 6])
def test_no_proof_from_a_tree_that_never_was(old: int) -> None:
    with pytest.raises(ValueError, match="no tree"):
        consistency_proof(old, 5, Memory().add(leaves(0, 5)).read)


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    def short(wanted: Collection[Tile]) -> dict[Tile, bytes]:
        return {tile: bytes(32 * tile[2] - 1) for tile in wanted}

    for use in (lambda: append(5, short, leaf(5)), lambda: root(5, short), lambda: inclusion_proof(0, 5, short)):
        with pytest.raises(ValueError, match="tile 0/0"):
            use()
    with pytest.raises(ValueError, match="32 bytes"):
        append(0, short, bytes(31))
