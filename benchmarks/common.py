"""Measuring: each candidate runs in a fresh process, in turn with its peers; wall seconds and peak memory come back."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.memory import Watched

DATA = Path(__file__).parent / "data"
DATA.mkdir(exist_ok=True)  # made files lie here; never committed


@dataclass(frozen=True)
class Measured:
    """Median of the rounds: wall seconds, MB that process and all it started held at once, and what the candidate told."""

    wall: float
    peak: float
    told: str


def _once(script: str, name: str, arguments: list[str]) -> dict[str, float | str]:
    command = [sys.executable, script, "--one", name, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return answer


def in_turn(script: str, runs: dict[str, list[str]], rounds: int = 3) -> dict[str, Measured]:
    """Each run `rounds` times, A B C A B C …, so that a drift of the machine hits all alike."""
    answers: dict[str, list[dict[str, float | str]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, arguments in runs.items():
            answers[name].append(_once(script, name, arguments))
    return {
        name: Measured(
            statistics.median(float(a["wall"]) for a in found),
            max(float(a["peak"]) for a in found),
            str(found[-1]["told"]),
        )
        for name, found in answers.items()
    }


def one(candidates: dict[str, Callable[[list[str]], str]]) -> bool:
    """In a child: run the candidate named on the command line and print what it cost. False in the parent."""
    if "--one" not in sys.argv:
        return False
    at = sys.argv.index("--one")
    name, arguments = sys.argv[at + 1], sys.argv[at + 2 :]
    with Watched() as held:
        begun = time.perf_counter()
        told = candidates[name](arguments)
        wall = time.perf_counter() - begun
    print(json.dumps({"wall": wall, "peak": held.peak, "told": told}))
    return True


def table(title: str, heads: list[str], rows: list[list[str]]) -> None:
    """A Markdown table on standard output."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(heads) + " |")
    print("|" + "|".join("---" for _ in heads) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def verdict(value: float, bar: float, hoped: float | None = None, at_most: bool = False) -> str:
    """A figure against its bar, in words."""
    met = value <= bar if at_most else value >= bar
    words = f"{value:.2f} (bar {'at most' if at_most else 'at least'} {bar:g}{f', hoped {hoped:g}' if hoped else ''})"
    return words + (" met" if met else " MISSED")


def on_server(main: Callable[[], None], script: str, wanted: bool = True) -> None:
    """Run `main` where a PostgreSQL is at hand (or none is `wanted`); else start the script again inside one of its own."""
    if "CHENGXIN_DATABASE" in os.environ or not wanted:
        main()
        return
    starter = str(Path(__file__).parent.parent / "tests" / "store" / "postgres.py")
    sys.exit(subprocess.run([sys.executable, starter, sys.executable, script, *sys.argv[1:]], check=False).returncode)
