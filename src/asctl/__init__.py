"""asctl: after-sales operations for online shops, from the command line."""

__version__ = "0.1.0"
