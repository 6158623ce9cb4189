"""What each thing that a claim and a question have in common tells of whether the one answers the other, where no question is known
that the claim answers (as in a graph of one's own). Knows names of features only.

Fitted, not chosen: ``python -m benchmarks.fit`` prints the table.
"""

from __future__ import annotations

PLAIN = {
    "always": -5.92, "coverage": 1.27, "sentence": 1.89, "paragraph": 0.85, "words": -0.56, "entities": -0.13, "known": 0.52,
    "strange": 1.35, "both": 0.44, "no word": -0.34, "every word": -0.10, "exact": 1.33, "no entity": 0.05, "anchored": 0.79,
    "linked": 1.44, "entity missing": -0.10, "main entity missing": -0.11, "words missing": 0.26, "name missing": -1.80,
    "number missing": -0.36, "names lost": -1.45, "number lost": -1.46, "merely belongs": -1.01, "contrary": -1.04,
    "relation asked": 0.72, "other relation": -0.22, "figure unasked": -0.88, "membership": -0.27, "mere membership": 0.02,
    "gives entity": 0.32, "gives nothing": -1.75, "extent": 1.56, "nothing said": -0.43, "subject first": 0.05, "unit unlike": -1.05,
    "gives figure": 0.68, "gives text": -0.24, "kind missing": -0.81, "kind there": 0.78, "who missing": -1.51, "who there": 0.59,
    "focus said": 0.04, "focus is end": 0.87, "focus missing": -0.44, "other metric": -0.60, "other figure": -0.96, "speaker": 0.58,
    "metric": -0.08, "no figure": -1.50, "figure": 0.71, "dated": 1.34, "undated": -2.54, "focus unknown": 0.42,
}  # fmt: skip
"""What each feature adds to the logarithm of the odds."""
