"""The pure engine: no Django, no I/O, no clock, no global randomness."""
