"""Metrics of pictures: tensors and plain numbers in, tensors out."""
