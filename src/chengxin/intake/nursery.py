"""Where reading children come from: one process that has loaded our code and nothing else, and forks for each file.

To start Python and load the libraries takes half a second of processor time, a fork a few milliseconds; a folder of sixty
small files took mostly that. The nursery is started fresh (spawned, not forked, so that it holds nothing of its parent),
never reads a file and never uses a thread, so what it forks is as clean as what was started. Each child is bounded, gets
one file, and ends with it.

    parent ── requests: folder, modules, three descriptors ──▶ nursery ── fork ──▶ child
    parent ◀── pid, how it ended ── (its own line) ── nursery ◀── "end it"

It ends by itself when its parent does, or when nobody wanted a child for a while; the next file starts another.
"""

import contextlib
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from chengxin.intake import child

IDLE = 120.0  # seconds
LONGEST_REQUEST = 1 << 16
_NUMBER = struct.Struct("<i")


class Request(msgspec.Struct):
    """What a child needs beside its descriptors (its input, its output, its line): where to stand, what to have loaded."""

    folder: str
    modules: list[str]


@dataclass
class _Born:
    """A child that lives, and the line on which its parent is told of it."""

    pid: int
    line: socket.socket


def main() -> None:
    """Fork for each request on the socket whose descriptor is the first argument, until nobody is there."""
    with socket.socket(fileno=int(sys.argv[1])) as parent, selectors.DefaultSelector() as events, _reaping() as ended:
        events.register(parent, selectors.EVENT_READ)
        events.register(ended, selectors.EVENT_READ)
        living: dict[int, _Born] = {}
        while ready := events.select(None if living else IDLE):
            for key, _ in ready:
                if key.fileobj is parent:
                    if not _fork(parent, events, living, ended):
                        return _end(living)
                elif key.fileobj is ended:
                    ended.recv(4096)
                    _reap(events, living)
                elif (
                    born := living.get(key.data.pid)
                ) is key.data and born:  # not waited for yet, so the number is its own
                    _end_early(born)
    return None


@contextlib.contextmanager
def _reaping() -> Iterator[socket.socket]:
    """A socket that can be read when a child has ended."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    with ours, theirs:
        yield ours


def _fork(
    parent: socket.socket, events: selectors.BaseSelector, living: dict[int, _Born], ended: socket.socket
) -> bool:
    """A child for the next request; False if the parent has left."""
    told, descriptors, _, _ = socket.recv_fds(parent, LONGEST_REQUEST, 3)
    if not told:
        return False
    request = msgspec.json.decode(told, type=Request)
    given, taken, line_fd = descriptors
    for module in request.modules:  # of our own, named by our own parent; loaded here once for all that follow
        importlib.import_module(module)
    line = socket.socket(fileno=line_fd)
    pid = os.fork()
    if not pid:
        _be(request, given, taken, [parent, ended, line, *(b.line for b in living.values())])
    for descriptor in (given, taken):
        os.close(descriptor)
    living[pid] = born = _Born(pid, line)
    events.register(line, selectors.EVENT_READ, born)
    _tell(born, pid)
    return True


def _be(request: Request, given: int, taken: int, of_others: list[socket.socket]) -> None:
    """The life of a child."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in of_others:
            os.close(other.detach())
        os.dup2(given, 0)
        os.close(given)
        os.chdir(request.folder)
        child.serve(0, taken)
        status = 0
    finally:
        os._exit(status)


def _reap(events: selectors.BaseSelector, living: dict[int, _Born]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            born = living.pop(ended[0])
            _tell(born, os.waitstatus_to_exitcode(ended[1]))
            events.unregister(born.line)
            born.line.close()


def _end_early(born: _Born) -> None:
    """The parent wants the child ended, or has left it: either way it ends."""
    with contextlib.suppress(OSError):
        born.line.recv(16)
    os.kill(born.pid, signal.SIGKILL)


def _tell(born: _Born, number: int) -> None:
    with contextlib.suppress(OSError):  # the parent may have left
        born.line.sendall(_NUMBER.pack(number))


def _end(living: dict[int, _Born]) -> None:
    for born in living.values():
        os.kill(born.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
