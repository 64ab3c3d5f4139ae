"""``python -m corridor.cli`` is the ``corridor`` program."""

from . import main

main()
