"""The pages: review and paint in a browser on this machine, and the report as one file."""
