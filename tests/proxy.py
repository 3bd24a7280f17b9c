"""A bad network between a desk and its server: one that is slow, falls silent, is cut, or loses a COMMIT's answer."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from contextlib import suppress


class Proxy:
    """Passes bytes between local connections and the server's port, in a thread, until `close`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._mode = "pass"
        self._rate = 0
        self._answers_left = 0
        self._trouble = ""
        self._pairs: dict[socket.socket, socket.socket] = {}
        self.visitors = 0
        """How many connections desks have made."""
        self._selector = selectors.DefaultSelector()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()

    def heal(self) -> None:
        """Pass bytes again; new connections are let in."""
        self._mode = "pass"

    def be_slow(self, rate: int) -> None:
        """From now on bring a desk so many bytes a second."""
        self._rate = rate

    def fall_silent(self) -> None:
        """Take every byte and deliver none, as a switched-off radio behind a live switch does; let nobody new in."""
        self._mode = "silent"

    def cut(self) -> None:
        """End every connection there is."""
        self._mode = "cut"
        while self._mode == "cut":
            self._wake()

    def cut_after(self, count: int) -> None:
        """Bring desks so many further bytes of answers, then end every connection there is."""
        self._answers_left, self._trouble = count, "cut"

    def fall_silent_after(self, count: int) -> None:
        """Bring desks so many further bytes of answers, then fall silent."""
        self._answers_left, self._trouble = count, "silent"

    def lose_next_commit(self) -> None:
        """Deliver the next COMMIT, then cut the line before its answer comes back."""
        self._mode = "lose commit"

    def close(self) -> None:
        """Cut everything and end."""
        self._closed = True
        self._wake()
        self._thread.join()

    def _wake(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
            pass

    def _run(self) -> None:
        while not self._closed:
            for key, _ in self._selector.select(timeout=0.5):
                if key.fileobj is self._listening:
                    self._accept()
                elif key.fileobj in self._pairs:
                    self._pass(key.fileobj)  # type: ignore[arg-type]
            if self._mode == "cut":
                self._cut_all()
                self._mode = "pass"
        self._cut_all()
        self._listening.close()
        self._selector.close()

    def _accept(self) -> None:
        desk, _ = self._listening.accept()
        self.visitors += 1
        if self._mode != "pass":
            desk.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            desk.close()  # as a server that is down refuses it
            return
        for one, other in ((desk, server), (server, desk)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass(self, source: socket.socket) -> None:
        target = self._pairs[source]
        try:
            is_answer = source.getpeername()[1] == self._target
            slowly = self._rate and is_answer
            data = source.recv(self._rate // 10 if slowly else 65536)
            if self._trouble and is_answer:
                data = data[: self._answers_left]
                self._answers_left -= len(data)
                if not self._answers_left:
                    self._mode, self._trouble = self._trouble, ""
                    with suppress(OSError):
                        target.sendall(data)
                    return
            if self._mode == "silent" and data:
                return
            target.sendall(data)
            if slowly:
                time.sleep(0.1)
        except OSError:
            data = b""
        if not data:
            self._forget(source)
        elif self._mode == "lose commit" and b"COMMIT" in data:
            # The server's answer shows that it has committed; it goes no further.
            with suppress(OSError):
                target.recv(65536)
            self._cut_all()
            self._mode = "pass"

    def _forget(self, one: socket.socket) -> None:
        other = self._pairs.pop(one, None)
        for line in (one, other):
            if line is not None:
                self._pairs.pop(line, None)
                with suppress(KeyError, ValueError):
                    self._selector.unregister(line)
                line.close()

    def _cut_all(self) -> None:
        while self._pairs:
            self._forget(next(iter(self._pairs)))
