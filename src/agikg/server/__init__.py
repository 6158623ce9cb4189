"""Doors for other programs: nothing but translation between a protocol and one call of the facade."""
