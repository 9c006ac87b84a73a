"""The report: the review page as one file."""
