"""The parent's side of the nursery: children that read one file each, and how they ended."""

import atexit
import contextlib
import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import msgspec

from chengxin.intake.nursery import Request

_F_SETPIPE_SZ = 1031
_PIPE = 1 << 20
_NUMBER = struct.Struct("<i")
_KILLED = -9


class Child:
    """One child: `stdin` and `stdout` are our ends of its pipes. `wait` gives how it ended, as `subprocess` would say it."""

    def __init__(self, pid: int, stdin: BinaryIO, stdout: BinaryIO, line: socket.socket) -> None:
        self.pid, self.stdin, self.stdout, self._line = pid, stdin, stdout, line
        self._status: int | None = None

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self._status is None:
            with contextlib.suppress(OSError):
                self._line.send(b"k")

    def wait(self) -> int:
        """Wait for its end."""
        if self._status is None:
            told = number_from(self._line)
            self._status = _KILLED if told is None else told
            self._line.close()
        return self._status

    def poll(self) -> int | None:
        """How it ended, None if nobody has waited for that."""
        return self._status

    def close(self) -> None:
        """End it and let go of what it held."""
        self.kill()
        self.wait()
        self.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self.stdin.close()


def number_from(line: socket.socket) -> int | None:
    """What the nursery tells next; None if it is gone."""
    told = b""
    with contextlib.suppress(OSError):
        while len(told) < _NUMBER.size and (more := line.recv(_NUMBER.size - len(told))):
            told += more
    return int(_NUMBER.unpack(told)[0]) if len(told) == _NUMBER.size else None


class _Nursery:
    """The nursery of this process, started when it is wanted; a process that was forked from this one has its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._owner = 0

    def start(self) -> socket.socket:
        """The line to it; it is started if it is not there."""
        if (
            self._line is None
            or self._owner != os.getpid()
            or self._process is None
            or self._process.poll() is not None
        ):
            self.end()
            self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process, self._owner = _started(theirs.fileno()), os.getpid()
        return self._line

    def child(self, modules: list[str]) -> Child:
        """A new child that has these modules loaded. Raises OSError if none can be had."""
        with self._lock:
            for _ in range(2):  # the nursery may be leaving, or was killed, just now
                with contextlib.suppress(OSError):
                    return self._born(modules)
                self.end()
            return self._born(modules)

    def _born(self, modules: list[str]) -> Child:
        with contextlib.ExitStack() as passed, contextlib.ExitStack() as kept:
            given, stdin = os.pipe()
            kept.callback(os.close, stdin)
            passed.callback(os.close, given)
            stdout, taken = os.pipe()
            kept.callback(os.close, stdout)
            passed.callback(os.close, taken)
            with contextlib.suppress(OSError):
                fcntl.fcntl(stdout, _F_SETPIPE_SZ, _PIPE)
            ours, theirs = socket.socketpair()
            kept.enter_context(ours)
            passed.enter_context(theirs)
            request = msgspec.json.encode(Request(str(Path.cwd()), modules))
            socket.send_fds(self.start(), [request], [given, taken, theirs.fileno()])
            passed.close()
            if (pid := number_from(ours)) is None:
                raise BrokenPipeError
            kept.pop_all()
        return Child(pid, os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb", buffering=1 << 16), ours)

    def ready(self) -> None:
        """Start it now, so that it loads while others work."""
        with self._lock:
            self.start()

    def end(self) -> None:
        """Let it go; it ends when it sees that nobody is there."""
        if self._line is not None:
            self._line.close()
        if self._process is not None and self._owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        self._line = self._process = None


def _started(line: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "POLARS_MAX_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "1",  # no thread may be there when it forks
        # Large buffers are used again and again: keep their memory instead of asking the kernel for clean pages.
        "MALLOC_MMAP_THRESHOLD_": str(256 << 20),
        "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
        "MALLOC_ARENA_MAX": "2",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
    }
    command = [sys.executable, "-m", "chengxin.intake.nursery", str(line)]
    debug = None if os.environ.get("CHENGXIN_DEBUG") else subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 - our own module, no input in the command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=debug, pass_fds=(line,), env=environment
    )


_nursery = _Nursery()
atexit.register(_nursery.end)
new_child, make_ready = _nursery.child, _nursery.ready
