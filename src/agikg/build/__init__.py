"""From files that people review to a validated snapshot. Knows files, checks and derivation; answers nothing."""
