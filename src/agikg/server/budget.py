"""How many seconds of slow queries each client may still use. Knows clients by a name, no HTTP."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from agikg.errors import LimitHit

_KEPT = 10_000


class OverBudget(LimitHit):
    """A client has used up its seconds.

    Args:
        seconds: until it has one again.
        allowed: how many it has a minute.
    """

    def __init__(self, seconds: float, allowed: float) -> None:
        super().__init__(
            f"your queries took more than the {allowed:g} s a minute that a client may use beyond the fast lane",
            hint=f"wait {max(1, round(seconds))} s; queries that end at once are still answered",
        )
        self.seconds = seconds


class Budgets:
    """A bucket of seconds for each client: full at first, refilled over a minute, in debt after a long query.

    Args:
        allowed: seconds a minute, and the size of the bucket.
        clock: seconds that only grow.
    """

    def __init__(self, allowed: float, clock: Callable[[], float] = monotonic) -> None:
        self._allowed = allowed
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, client: str) -> None:
        """Lets a client go on.

        Raises:
            OverBudget: it has nothing left.
        """
        left = self._now(client)
        if left <= 0:
            raise OverBudget((1 - left) * 60 / self._allowed, self._allowed)

    def spend(self, client: str, seconds: float) -> None:
        """Takes seconds from a client; its debt never grows beyond a minute's worth."""
        self._left[client] = (max(self._now(client) - seconds, -self._allowed), self._clock())
        self._left.move_to_end(client)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)

    def _now(self, client: str) -> float:
        left, then = self._left.get(client, (self._allowed, 0.0))
        return min(self._allowed, left + (self._clock() - then) * self._allowed / 60)
