"""The programs' door: the same actions and queries as the pages, and the same visibility."""
