"""The site: Django apps over the engine, one app per capability."""
