"""The verifier that stands alone: it agrees with the package, names what was done to a log, and never falls over."""

import ast
import base64
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengxin.audit.canonical import canonical
from chengxin.audit.checkpoint import Checkpoint, sign_checkpoint
from chengxin.audit.commitments import person_entries
from chengxin.audit.log_folder import path_of_entries, path_of_tile
from chengxin.audit.merkle import leaf_hashes
from chengxin.audit.notes import Signer
from tests.audit.made import (
    DAY,
    LOG,
    VERIFIER,
    Memory,
    load_verifier,
    made_entries,
    opening,
    salt,
    write,
    write_bundles,
    write_log,
)

verify = load_verifier()
COUNT = 600
ENTRIES = made_entries(COUNT)


def run(folder: Path, *more: object, key: str = str(LOG.verifier)) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = verify.main([str(folder), "--key", key, *map(str, more)])
    assert code in (0, 1)
    assert all(" / " in line and line.startswith("[") for line in said.getvalue().splitlines())
    return code, said.getvalue()


def root_of(entries: list[bytes]) -> bytes:
    return Memory().add(leaf_hashes(entries)).root()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, ENTRIES)
    return folder


@contextlib.contextmanager
def copied(sound: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(shutil.copytree(sound, Path(name) / "log"))


def test_it_imports_nothing_of_the_package_and_is_short_enough_to_read() -> None:
    source = VERIFIER.read_text("utf-8")
    imported = {n.module for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom)}
    imported |= {a.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import) for a in n.names}
    allowed = sys.stdlib_module_names | {"cryptography"}
    assert {str(name).partition(".")[0] for name in imported} <= allowed
    assert len(source.splitlines()) <= 300


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 511, 512, 513])
def test_a_sound_log_of_any_size_verifies(count: int, tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES[:count])
    code, said = run(tmp_path)
    assert code == 0, said
    assert len(said.splitlines()) == 4


def test_a_log_of_three_levels_verifies(tmp_path: Path) -> None:
    many = person_entries(DAY, b"".join(map(salt, range(66_000))))
    write_log(tmp_path, many)
    code, said = run(tmp_path)
    assert code == 0, said
    assert "3 level" in said


def test_a_whole_file_may_stand_for_its_part(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES[:300])
    shutil.rmtree(tmp_path / "tile")
    full = Memory().add(leaf_hashes(ENTRIES[:512]))
    for place in ((0, 0, 256), (0, 1, 256)):
        write(tmp_path / path_of_tile(*place), full.kept[place])
    write(tmp_path / path_of_tile(1, 0, 1), full.kept[1, 0, 2][:32])
    write_bundles(tmp_path, ENTRIES[:512])
    code, said = run(tmp_path)
    assert code == 0, said


@given(st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=60)
def test_any_flipped_bit_in_any_file_is_found(sound: Path, which: int, bit: int) -> None:
    with copied(sound) as folder:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        path = files[which % len(files)]
        data = bytearray(path.read_bytes())
        data[bit // 8 % len(data)] ^= 1 << bit % 8
        path.write_bytes(data)
        code, said = run(folder)
        assert code == 1, said


@given(st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=30)
def test_any_file_that_is_gone_or_cut_off_or_grown_is_found(sound: Path, which: int, length: int) -> None:
    with copied(sound) as folder:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        path = files[which % len(files)]
        data = path.read_bytes()
        for changed in (data[: length % len(data)], data + b"\0", data + data):
            path.write_bytes(changed)
            assert run(folder)[0] == 1
        path.unlink()
        assert run(folder)[0] == 1
        path.mkdir()
        assert run(folder)[0] == 1


@given(st.integers(0, COUNT - 1))
@settings(max_examples=20)
def test_a_changed_entry_is_named(sound: Path, at: int) -> None:
    with copied(sound) as folder:
        write_bundles(folder, [*ENTRIES[:at], ENTRIES[at].replace(b"11-24", b"11-23"), *ENTRIES[at + 1 :]])
        assert f"changed: entry {at} (1 in all)" in run(folder)[1]


@given(st.integers(0, COUNT - 1))
@settings(max_examples=20)
def test_a_removed_entry_is_named(sound: Path, at: int) -> None:
    with copied(sound) as folder:
        write_bundles(folder, [*ENTRIES[:at], *ENTRIES[at + 1 :]], COUNT)
        code, said = run(folder)
        assert code == 1
        assert f"removed: entry {at}\n" in said


@given(st.integers(0, COUNT))
@settings(max_examples=20)
def test_an_inserted_entry_is_named(sound: Path, at: int) -> None:
    with copied(sound) as folder:
        write_bundles(folder, [*ENTRIES[:at], *person_entries(DAY, salt(COUNT)), *ENTRIES[at:]], COUNT)
        code, said = run(folder)
        assert code == 1
        assert f"inserted: entry {at}\n" in said


def test_a_log_written_anew_fits_no_signed_root(sound: Path) -> None:
    with copied(sound) as folder:
        signed = (folder / "checkpoint").read_bytes()
        write_log(folder, [*ENTRIES[:5], *person_entries(DAY, salt(5)), *ENTRIES[6:]])
        write(folder / "checkpoint", signed)
        code, said = run(folder)
        assert code == 1
        assert said.count("OK") == 3
        assert "do not give the root" in said


def test_an_entry_changed_with_its_tile_is_caught_one_level_up(sound: Path) -> None:
    with copied(sound) as folder:
        changed = [*ENTRIES[:300], *person_entries(DAY, salt(5)), *ENTRIES[301:]]
        write_bundles(folder, changed)
        write(folder / path_of_tile(0, 1, 256), leaf_hashes(changed[256:512]))
        assert "level 1 does not fit entries 256-511" in run(folder)[1]


def test_an_older_checkpoint_must_be_a_beginning(sound: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    for size in (0, 1, 300, COUNT):
        write(older, sign_checkpoint(Checkpoint(LOG.name, size, root_of(ENTRIES[:size])), [LOG]))
        assert run(sound, "--previous", older)[0] == 0
    write(older, sign_checkpoint(Checkpoint(LOG.name, 300, bytes(32)), [LOG]))
    assert run(sound, "--previous", older)[0] == 1
    write(older, sign_checkpoint(Checkpoint(LOG.name, COUNT + 1, root_of(ENTRIES)), [LOG]))  # the log was rolled back
    assert run(sound, "--previous", older)[0] == 1
    other = Signer(LOG.name, bytes(32))
    write(older, sign_checkpoint(Checkpoint(LOG.name, 1, leaf_hashes(ENTRIES[:1])), [other]))
    assert run(sound, "--previous", older)[0] == 1
    assert run(sound, "--previous", tmp_path)[0] == 1


def test_a_checkpoint_by_another_key_or_for_another_log_is_refused(sound: Path) -> None:
    for other in (Signer(LOG.name, bytes(32)), Signer("other.example", LOG.seed)):
        code, said = run(sound, key=str(other.verifier))
        assert code == 1
        assert "not signed by this key" in said
    assert run(sound, key="nonsense")[0] == 1


def test_a_key_vouches_for_its_own_log_only(sound: Path) -> None:
    with copied(sound) as folder:
        write(folder / "checkpoint", sign_checkpoint(Checkpoint("other.example", COUNT, root_of(ENTRIES)), [LOG]))
        assert "of another log" in run(folder)[1]


def test_an_entry_that_is_gone_from_bundle_and_tile_is_missed(sound: Path) -> None:
    with copied(sound) as folder:
        write_bundles(folder, ENTRIES[:-1], COUNT)
        write(folder / path_of_tile(0, 2, COUNT % 256), leaf_hashes(ENTRIES[512:-1]))
        code, said = run(folder)
        assert code == 1
        assert "600 entries expected" in said


def opened(sound: Path, folder: Path, about: Any) -> tuple[int, str]:
    path = folder / "opening.json"
    path.write_bytes(about if isinstance(about, bytes) else json.dumps(about).encode())
    return run(sound, "--opening", path)


@pytest.mark.parametrize("index", [0, 255, 256, 599])
def test_an_opening_shows_the_content_of_its_entry(index: int, sound: Path, tmp_path: Path) -> None:
    code, said = opened(sound, tmp_path, opening(index))
    assert code == 0, said
    assert f"entry {index} commits to the opened content" in said


@pytest.mark.parametrize(
    "change",
    [
        {"index": 8},
        {"salt": opening(8)["salt"]},
        {"content": opening(8)["content"]},
        {"salt": "AAAA"},
        {"index": -593},
        {"index": COUNT},
        {"index": 10**15},
        {"index": 10**400},
        {"index": "7"},
        {"index": 7.0},
        {"content": [1]},
        {"content": None},
        {"salt": 5},
        {"salt": "?"},
        {"content": {"a": "\ud800"}},
    ],
)
def test_a_wrong_opening_is_told(change: dict[str, Any], sound: Path, tmp_path: Path) -> None:
    assert opened(sound, tmp_path, {**opening(7), **change})[0] == 1


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", b"[" * 200_000, b'{"index":7,"index":7}', b"9" * 9999])
def test_what_is_no_opening_is_told(data: bytes, sound: Path, tmp_path: Path) -> None:
    assert opened(sound, tmp_path, data)[0] == 1


def test_an_entry_that_shows_another_day_than_its_content_is_told(tmp_path: Path) -> None:
    write_log(tmp_path / "log", [entry.replace(b"2026-11-24", b"2026-11-25") for entry in ENTRIES[:9]])
    code, said = opened(tmp_path / "log", tmp_path, opening(7))
    assert code == 1
    assert "shows what the content denies" in said


def test_the_entry_of_a_person_opens_though_it_shows_nothing(tmp_path: Path) -> None:
    hidden = bytes.fromhex(json.loads(ENTRIES[7])["commitment"])
    write_log(tmp_path / "log", person_entries(DAY, bytes(32 * 7) + hidden))
    assert opened(tmp_path / "log", tmp_path, opening(7))[0] == 0


def test_a_salt_of_another_length_opens_nothing(tmp_path: Path) -> None:
    short, content = salt(1)[:31], {"event": "x"}
    bound = hashlib.sha256(b"chengxin/commitment/1\n" + short + canonical(content)).digest()
    write_log(tmp_path / "log", person_entries(DAY, bound))
    about = {"index": 0, "salt": base64.b64encode(short).decode(), "content": content}
    assert opened(tmp_path / "log", tmp_path, about)[0] == 1


def test_an_entry_behind_the_end_of_the_log_is_not_opened(sound: Path, tmp_path: Path) -> None:
    with copied(sound) as folder:
        more = made_entries(1024)
        write(folder / path_of_entries(3, 256), b"".join(len(e).to_bytes(2, "big") + e for e in more[768:]))
        assert run(folder)[0] == 0  # a log may have written what it has not signed yet
        assert opened(folder, tmp_path, opening(770))[0] == 1


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_no_checkpoint_whatever_it_holds_makes_it_fall_over(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        for note in (data, b"a\n1\n" + data + b"\n\n\xe2\x80\x94 a AAAAAAAA\n"):
            write(Path(name) / "checkpoint", note)
            assert run(Path(name))[0] == 1


@pytest.mark.parametrize("size", [10**18, 2**63, 10**19 - 1])
def test_a_huge_size_ends_at_once(size: int, sound: Path) -> None:
    with copied(sound) as folder:
        write(folder / "checkpoint", sign_checkpoint(Checkpoint(LOG.name, size, bytes(32)), [LOG]))
        code, said = run(folder)
        assert code == 1
        assert "no file tile/entries/002" in said


def test_a_pipe_or_a_loop_in_the_folder_does_not_hold_it_up(sound: Path) -> None:
    with copied(sound) as folder:
        path = folder / path_of_entries(1, 256)
        path.unlink()
        os.mkfifo(path)
        assert run(folder)[0] == 1
        path.unlink()
        path.symlink_to(path)
        assert run(folder)[0] == 1
        (folder / "checkpoint").unlink()
        os.mkfifo(folder / "checkpoint")
        assert run(folder)[0] == 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere")[0] == 1


def test_without_cryptography_the_rest_is_checked_and_it_says_so(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "Ed25519PublicKey", None)
    code, said = run(sound)
    assert code == 1
    assert "signature NOT checked" in said
    assert said.count("OK") == 3


def test_the_command_speaks_both_languages_on_any_terminal(sound: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(sound), "--key", str(LOG.verifier)],
        capture_output=True,
        env={**os.environ, "LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert re.search("通过 OK] 检查点签名有效，共 600 条 / checkpoint signed", done.stdout.decode())
