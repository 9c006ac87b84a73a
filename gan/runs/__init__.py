"""What a run leaves behind: its folder, its weights for use, its mirror in W&B, and what it was made with."""
