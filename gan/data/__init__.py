"""Pictures and drawings: where they come from, and how they reach the network."""
