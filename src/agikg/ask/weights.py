"""What each thing that a claim and a question have in common tells of whether the one answers the other. Knows names of features only.

Fitted, not chosen: ``python -m benchmarks.fit`` prints the table.
"""

from __future__ import annotations

WEIGHTS = {
    "always": -6.76, "coverage": 0.22, "words": -0.16, "entities": -0.29, "known": -0.03, "strange": 0.30, "anchored": 0.12,
    "linked": 0.87, "main entity missing": -0.09, "entity missing": 0.01, "focus said": -0.08, "focus missing": -0.53, "kind there": 0.27,
    "kind missing": -0.52, "who there": 0.49, "who missing": -1.56, "figure": 0.13, "no figure": -1.25, "metric": -0.18,
    "other metric": -0.31, "number missing": -0.48, "dated": 0.84, "undated": -2.59, "relation asked": 0.58, "other relation": -0.15,
    "figure unasked": -0.57, "extent": 0.31, "no entity": 0.04, "words missing": 0.26, "name missing": -2.44, "focus is end": 1.03,
    "both": 0.36, "no word": -0.46, "every word": 0.33, "exact": 0.04, "focus unknown": 0.28, "speaker": 0.38, "gives figure": 0.28,
    "gives text": -0.24, "gives entity": 0.76, "gives nothing": -1.58, "sentence": 1.11, "paragraph": 0.67, "subject first": 0.01,
    "expected": -4.07, "expected first": 2.11, "expected near": 1.59, "relation expected": 0.17, "nothing said": -0.44,
    "names lost": -0.95, "number lost": -1.27, "merely belongs": -1.17, "other figure": -0.44, "alike": 5.07, "alike short": 4.45,
    "alike most": 0.47, "expected much": 1.93, "membership": -0.08, "contrary": -1.17, "unit unlike": -0.77, "mere membership": 0.21,
}  # fmt: skip
"""What each feature adds to the logarithm of the odds; ``python -m benchmarks.fit`` fits them."""
PLAIN = {
    "always": -6.06, "coverage": 1.09, "words": -0.52, "entities": -0.13, "known": 0.80, "strange": 1.25, "anchored": 0.71,
    "linked": 1.38, "main entity missing": -0.11, "entity missing": -0.04, "focus said": 0.05, "focus missing": -0.50, "kind there": 0.75,
    "kind missing": -0.78, "who there": 0.67, "who missing": -1.57, "figure": 0.85, "no figure": -1.46, "metric": -0.23,
    "other metric": -0.60, "number missing": -0.37, "dated": 1.39, "undated": -2.71, "relation asked": 0.73, "other relation": -0.28,
    "figure unasked": -0.82, "extent": 1.66, "no entity": 0.07, "words missing": 0.26, "name missing": -2.14, "focus is end": 0.95,
    "both": 0.49, "no word": -0.38, "every word": -0.12, "exact": 1.22, "focus unknown": 0.54, "speaker": 0.45, "gives figure": 0.64,
    "gives text": -0.16, "gives entity": 0.30, "gives nothing": -1.69, "sentence": 1.87, "paragraph": 0.88, "subject first": 0.14,
    "nothing said": -0.42, "names lost": -1.45, "number lost": -1.59, "merely belongs": -0.86, "other figure": -0.89, "membership": -0.29,
    "contrary": -0.97, "unit unlike": -1.07, "mere membership": 0.05,
}  # fmt: skip
"""The same for claims of which no question is known that they answer."""
FEATURES = tuple(WEIGHTS)
