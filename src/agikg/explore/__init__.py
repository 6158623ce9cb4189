"""The interactive page, briefings, and results in notebooks. Knows views and what lies below; nothing of questions."""
