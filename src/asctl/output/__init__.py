"""Records for scripts and people: one flat record per thing, as table, JSON, NDJSON, CSV or TSV (design section 5)."""
