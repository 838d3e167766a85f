"""Between the bot and PostgreSQL: connections can be cut, and new ones refused."""

import contextlib
import socket
import threading
from pathlib import Path


class Proxy:
    """Listens on a socket file of its own in `folder`, and passes on to the server's."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder = folder / "proxy"
        self.folder.mkdir()
        self._server, self._refuses = server, False
        self._open: set[socket.socket] = set()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.folder / ".s.PGSQL.5432"))
        self._door.listen(100)
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        while True:
            try:
                here, _ = self._door.accept()
            except OSError:
                return
            if self._refuses:
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            try:
                there.connect(str(self._server))
            except OSError:  # the server is being started again
                here.close()
                continue
            self._open |= {here, there}
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            self._shut(end)

    def _shut(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()

    def cut(self) -> None:
        for end in list(self._open):
            self._shut(end)

    def refuse(self, refuses: bool) -> None:
        self._refuses = refuses
        if refuses:
            self.cut()

    def close(self) -> None:
        self._door.close()
        self.cut()
