"""Sockets that listen, for every server of the package. Knows addresses, no protocol."""

from __future__ import annotations

import socket


def bound(host: str, port: int, waiting: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: name or address of an interface.
        port: 0 takes a free one.
        waiting: how many connections may wait to be taken.

    Raises:
        UnicodeError, OverflowError, socket.gaierror: no such host.
        OSError: the port is taken or not allowed.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(waiting)
    except OSError:
        found.close()
        raise
    return found
