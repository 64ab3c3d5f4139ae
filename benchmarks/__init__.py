"""Benchmarks: ours beside a peer, on the same work, in one run. ``make bench`` runs them all."""
