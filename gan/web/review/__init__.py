"""The review page: runs and studies, live."""
