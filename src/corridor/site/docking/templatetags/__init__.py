"""Template tags of docking: ``{% load docking %}``."""
