"""What people fill in about listings."""
