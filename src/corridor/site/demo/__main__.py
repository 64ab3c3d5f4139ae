"""``python -m corridor.site.demo LISTINGS SEED``: furnish the database that the settings name.

A process of its own, so that the memory of matching is given back before the site is served.
"""

import sys


def main() -> None:
    """Furnish and say how far it is."""
    import django

    django.setup()
    from .furnish import furnish

    furnish(listings=int(sys.argv[1]), seed=int(sys.argv[2]))


if __name__ == "__main__":
    main()
