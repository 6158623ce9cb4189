"""What each thing that a claim and a question have in common tells of whether the one answers the other, where no question is known
that the claim answers (as in a graph of one's own). Knows names of features only.

Fitted, not chosen: ``python -m benchmarks.fit`` prints the table.
"""

from __future__ import annotations

PLAIN = {
    "always": -6.01, "coverage": 1.03, "sentence": 1.87, "paragraph": 0.90, "words": -0.55, "entities": -0.19, "known": 0.81,
    "strange": 1.26, "both": 0.58, "no word": -0.35, "every word": -0.12, "exact": 1.23, "no entity": 0.08, "anchored": 0.72,
    "linked": 1.38, "entity missing": -0.08, "main entity missing": -0.08, "words missing": 0.27, "name missing": -2.31,
    "number missing": -0.37, "names lost": -1.45, "number lost": -1.59, "merely belongs": -0.88, "contrary": -0.97,
    "relation asked": 0.74, "other relation": -0.27, "figure unasked": -0.83, "membership": -0.27, "mere membership": 0.04,
    "gives entity": 0.30, "gives nothing": -1.69, "extent": 1.65, "nothing said": -0.47, "subject first": 0.14, "unit unlike": -1.07,
    "gives figure": 0.63, "gives text": -0.16, "kind missing": -0.78, "kind there": 0.76, "who missing": -1.59, "who there": 0.69,
    "focus said": 0.05, "focus is end": 0.94, "focus missing": -0.47, "other metric": -0.61, "other figure": -0.89, "speaker": 0.44,
    "metric": -0.23, "no figure": -1.46, "figure": 0.86, "dated": 1.40, "undated": -2.71, "focus unknown": 0.55,
}  # fmt: skip
"""What each feature adds to the logarithm of the odds."""
