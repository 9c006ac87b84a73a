"""One network architecture a file; they know no configuration."""
