"""What each thing that a claim and a question have in common tells of whether the one answers the other, where no question is known
that the claim answers (as in a graph of one's own). Knows names of features only.

Fitted, not chosen: ``python -m benchmarks.fit`` prints the table.
"""

from __future__ import annotations

PLAIN = {
    "always": -5.86, "coverage": 2.08, "sentence": 1.79, "paragraph": 1.02, "words": -0.41, "entities": -0.21, "known": -0.55,
    "strange": 2.86, "both": 0.69, "no word": -0.21, "every word": -0.13, "exact": 1.31, "no entity": -0.05, "anchored": 0.70,
    "linked": 1.59, "entity missing": 0.00, "main entity missing": -0.26, "words missing": 0.27, "name missing": -1.26,
    "number missing": -0.04, "names lost": -1.33, "number lost": -1.55, "merely belongs": -1.24, "contrary": -1.37,
    "relation asked": 0.62, "other relation": -0.10, "figure unasked": -0.84, "membership": -0.38, "mere membership": 0.14,
    "gives entity": 0.31, "gives nothing": -1.88, "extent": 1.55, "nothing said": -0.32, "subject first": -0.01, "unit unlike": -1.40,
    "gives figure": 0.60, "gives text": -0.24, "kind missing": -0.90, "kind there": 0.87, "who missing": -1.40, "who there": 0.56,
    "focus said": 0.02, "focus is end": 0.80, "focus missing": -0.44, "other metric": -0.27, "other figure": -0.90, "speaker": 0.99,
    "metric": 0.02, "no figure": -1.57, "figure": 0.85, "dated": 1.43, "undated": -2.73, "focus unknown": 0.17,
}  # fmt: skip
"""What each feature adds to the logarithm of the odds."""
