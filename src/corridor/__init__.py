"""Corridor (走廊 · 要素对接平台): matches the needs and offers of a group of cities.

The engine is pure Python under :mod:`corridor.engine`; :mod:`corridor.io` reads and writes
tables, :mod:`corridor.cli` is the command line, :mod:`corridor.demo` a seeded nine-city world.
"""

__version__ = "0.1.0"
