"""One module per factor kind; each declares ``KIND``. Adding a kind is adding a file here."""
