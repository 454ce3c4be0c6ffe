"""The commands under bad arguments and bad places: a sentence in both languages, never a traceback, nothing half done."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.intake.made import ROWS, as_csv

MAIN = [sys.executable, "-m", "chengxin.cli.main"]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHENGXIN_HOME": str(folder / "home"), "TMPDIR": str(folder)}
    return subprocess.run([*MAIN, *arguments], capture_output=True, text=True, env=environment, check=False)


def is_refused(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    """Ended with 2, without a traceback, in Chinese, and with these words."""
    chinese = any("\u4e00" <= c <= "\u9fff" for c in done.stderr)
    return done.returncode == 2 and "Traceback" not in done.stderr and chinese and all(w in done.stderr for w in words)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    return as_csv(tmp_path, ROWS, "p.csv")


def test_an_output_that_can_not_be_written_is_said_before_the_work(sent: Path, tmp_path: Path) -> None:
    for option in ("--findings", "--annotated"):
        assert is_refused(run(tmp_path, "validate", "penalty", str(sent), option, str(tmp_path / "no" / "x")), "Can't")
        assert is_refused(run(tmp_path, "validate", "penalty", str(sent), option, str(tmp_path)), "Can't")


def test_links_in_a_circle_are_no_place_to_write(sent: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    one.symlink_to(other)
    other.symlink_to(one)
    assert is_refused(run(tmp_path, "validate", "penalty", str(sent), "--annotated", str(one)), "Can't")
    assert is_refused(run(tmp_path, "validate", "penalty", str(one)), "not a file")


def test_whoever_asks_for_json_gets_refusals_as_json(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    done = run(tmp_path, "validate", "penalty", str(path), "--json")
    assert is_refused(done)
    refused = json.loads(done.stdout)["refused"]
    assert refused["code"] == "empty-file" and refused["zh"] in done.stderr and refused["en"] in done.stderr


def test_a_file_whose_name_is_not_utf8_is_judged_like_any_other(sent: Path, tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), "处罚.csv".encode("gbk"))  # noqa: PTH118 - the name is bytes
    Path(os.fsdecode(path)).write_bytes(sent.read_bytes())
    environment = os.environ | {"CHENGXIN_HOME": str(tmp_path / "home")}
    command = [*MAIN, "validate", "penalty", path, "--json", "--annotated", str(tmp_path / "out.xlsx")]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert json.loads(done.stdout)["received"] == len(ROWS), done.stderr
    done = subprocess.run(command[:-3], capture_output=True, env=environment, check=False)
    assert done.returncode == 1 and b"Traceback" not in done.stderr


def test_the_file_itself_is_never_overwritten(sent: Path, tmp_path: Path) -> None:
    before = sent.read_bytes()
    assert is_refused(run(tmp_path, "validate", "penalty", str(sent), "--findings", str(sent)), "another")
    assert sent.read_bytes() == before


def test_arguments_that_make_no_sense_are_refused_in_both_languages(sent: Path, tmp_path: Path) -> None:
    file = str(sent)
    assert is_refused(run(tmp_path, "validate", "penalty", str(tmp_path / "none.csv")), "not a file")
    assert is_refused(run(tmp_path, "validate", "penalty", file, "--day", "1990-01-01"), "No standard")
    assert is_refused(run(tmp_path, "validate", "penalty", file, "--day", "2025-02-30"), "--help")
    assert is_refused(run(tmp_path, "validate", "penalty", file, "--map", "=CF_WSH"), "heading=FIELD")
    assert is_refused(run(tmp_path, "validate", "penalty", file, "--authorities", file), "columns")
    assert is_refused(run(tmp_path, "world", "--out", file), "not an empty folder")
    os.mkfifo(tmp_path / "pipe")
    assert is_refused(
        run(tmp_path, "validate", "penalty", file, "--authorities", str(tmp_path / "pipe")), "can't be read"
    )


def test_a_name_can_not_steer_the_terminal(sent: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "validate", "penalty", str(sent), "--as", "\x1b[31mred")
    assert is_refused(done) and "\x1b" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    path = as_csv(tmp_path, ROWS * 200_000, "p.csv")
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp"), "CHENGXIN_HOME": str(tmp_path)}
    (tmp_path / "tmp").mkdir()
    command = [*MAIN, "validate", "penalty", str(path)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    for _ in range(200):
        if len(list((tmp_path / "tmp").iterdir())) > 1:
            break
        time.sleep(0.05)
    process.send_signal(number)
    assert process.wait(20) == 128 + number
    assert not list((tmp_path / "tmp").iterdir())
