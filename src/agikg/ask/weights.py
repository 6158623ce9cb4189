"""What each thing that a claim and a question have in common tells of whether the one answers the other, where no question is known
that the claim answers (as in a graph of one's own). Knows names of features only.

Fitted, not chosen: ``python -m benchmarks.fit`` prints the table.
"""

from __future__ import annotations

PLAIN = {
    "always": -5.66, "coverage": 1.27, "sentence": 1.74, "paragraph": 1.02, "words": -0.51, "entities": -0.18, "known": 0.11,
    "strange": 1.75, "both": 0.70, "no word": -0.23, "every word": -0.07, "exact": 1.34, "no entity": -0.02, "anchored": 0.74,
    "linked": 1.45, "entity missing": -0.11, "main entity missing": -0.13, "words missing": 0.24, "name missing": -1.39,
    "number missing": -0.34, "names lost": -1.32, "number lost": -1.24, "merely belongs": -1.05, "contrary": -1.19,
    "relation asked": 0.58, "other relation": -0.22, "figure unasked": -0.80, "membership": -0.43, "mere membership": 0.09,
    "gives entity": 0.28, "gives nothing": -1.75, "extent": 1.58, "nothing said": -0.42, "subject first": 0.05, "unit unlike": -1.40,
    "gives figure": 0.66, "gives text": -0.29, "kind missing": -0.84, "kind there": 0.74, "who missing": -1.40, "who there": 0.53,
    "focus said": 0.10, "focus is end": 0.90, "focus missing": -0.44, "other metric": -0.36, "other figure": -1.04, "speaker": 0.76,
    "metric": -0.14, "no figure": -1.52, "figure": 0.74, "dated": 1.31, "undated": -2.55, "focus unknown": 0.35,
}  # fmt: skip
"""What each feature adds to the logarithm of the odds."""
