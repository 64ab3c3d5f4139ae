"""Template tags of the core: ``{% load once %}``."""
