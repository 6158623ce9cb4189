"""The limits of a server, read from the settings once when it starts. Knows names and numbers, not who keeps to them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from agikg import settings


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one server allows; each is a setting of the same name (``agikg.settings``), which says what it means.

    Seconds are wall-clock, sizes are bytes, everything else is a count.
    """

    query_seconds: float
    query_rows: float
    query_bytes: float
    query_nesting: float
    prompt_seconds: float
    fast_seconds: float
    fast_workers: float
    slow_workers: float
    waiting_queries: float
    server_worker_memory: float
    remembered_bytes: float
    result_bytes: float
    response_bytes: float
    client_seconds: float
    request_bytes: float
    url_bytes: float
    request_seconds: float
    response_seconds: float
    connections: float
    client_connections: float
    call_threads: float
    call_seconds: float
    waiting_calls: float

    @classmethod
    def declared(cls, **chosen: float | None) -> Limits:
        """The limits in force: environment or default, and before both what was chosen (None chooses nothing).

        Raises:
            BadInput: an environment variable does not hold a positive number.
        """
        given = {name: number for name, number in chosen.items() if number is not None}
        return cls(**{field.name: given.get(field.name) or settings.value(field.name) for field in fields(cls)})
