"""The values that cross the layers: facts as curated, results as answered. Frozen, plain, engine-free."""
