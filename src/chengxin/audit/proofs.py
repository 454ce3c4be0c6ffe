"""Checking proofs of the Merkle tree (RFC 9162, 2.1.3 and 2.1.4). True or False; a wrong form is a wrong proof."""

from collections.abc import Sequence

from chengxin.audit.merkle import HASH, node_hash


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """True if `proof` shows that the leaf hash `leaf` stands at `index` under `root`, the root of `size` leaves."""
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    return _along_edge(_inside(leaf, proof[:inner], index), proof[inner:]) == root


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """True if `proof` shows that the tree of `old` leaves is a beginning of the tree of `size`. No proof starts from 0."""
    if old == size > 0:
        return not proof and old_root == root
    if not 0 < old < size or not _hashes(old_root, root, *proof):
        return False
    whole = (old & -old).bit_length() - 1  # height of the last whole subtree of the old tree
    if old == 1 << whole:
        proof = [old_root, *proof]  # the old root itself is that subtree; the proof leaves it out
    at = (old - 1) >> whole
    inner = (at ^ ((size - 1) >> whole)).bit_length()
    if len(proof) != 1 + inner + (at >> inner).bit_count():
        return False
    seed, steps, edge = proof[0], proof[1 : 1 + inner], proof[1 + inner :]
    old_steps = [step for i, step in enumerate(steps) if at >> i & 1]
    return (
        _along_edge(_along_edge(seed, old_steps), edge) == old_root
        and _along_edge(_inside(seed, steps, at), edge) == root
    )


def _inside(start: bytes, siblings: Sequence[bytes], index: int) -> bytes:
    for i, sibling in enumerate(siblings):
        start = node_hash(sibling, start) if index >> i & 1 else node_hash(start, sibling)
    return start


def _along_edge(start: bytes, lefts: Sequence[bytes]) -> bytes:
    for left in lefts:
        start = node_hash(left, start)
    return start


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH for value in values)
