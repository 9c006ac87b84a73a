"""One step as the paper has it, and the loop around it."""
