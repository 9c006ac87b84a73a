"""What a network is worth: every metric, by number of hints, beside the closed forms."""
