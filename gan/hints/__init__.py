"""Colour hints: simulated, a person's own, and the one encoding of both."""
