"""After-sales itself: orders, parcels, RMAs, rules. Standard library only, no input or output."""
