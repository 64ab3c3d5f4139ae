"""Listings: publish, review, find, renew, exit."""
