"""Sockets that listen, for every server of the package. Knows addresses, no protocol."""

from __future__ import annotations

import errno
import socket

from agikg.errors import BadInput, StoreError


def listen(host: str, port: int, waiting: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: name or address of an interface.
        port: 0 takes a free one.
        waiting: how many connections may wait to be taken.

    Raises:
        BadInput: no such host.
        StoreError: the port is taken or not allowed: what was asked for is right, the machine cannot give it.
    """
    try:
        return _bound(host, port, waiting)
    except (socket.gaierror, UnicodeError, OverflowError):
        raise BadInput(f"there is no interface {host!r}", hint="give 127.0.0.1, 0.0.0.0 or an address of this machine") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StoreError(f"port {port} of {host} is in use", hint="give another with --port; 0 takes a free one") from None
        raise StoreError(f"cannot listen on {host}, port {port}: {error.strerror}", hint="give another --host or --port") from None


def _bound(host: str, port: int, waiting: int) -> socket.socket:
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
