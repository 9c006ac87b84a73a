"""The paint page: hints on a drawing, coloured live."""
