"""Pages of the listings app."""
