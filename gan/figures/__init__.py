"""`gan report --figures`: grids, curves and tables of chosen runs for a paper, with captions that say what they are."""
