"""Finds plugins, loads them by name, keeps a broken one from hurting anybody but itself."""
