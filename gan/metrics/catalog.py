"""Which way each metric is better, for whoever marks the best of several runs."""

DIRECTIONS = {
    "mae": "v",
    "mae_scored": "v",
    "psnr": "^",
    "ssim": "^",
    "lpips": "v",
    "ciede2000": "v",
    "sepia_index": "0",
    "sepia_index_px": "0",
    "chroma_ratio": "1",
    "histogram_L": "^",
    "histogram_a": "^",
    "histogram_b": "^",
    "palette_hit": "^",
    "palette_entropy": "^",
    "adherence": "v",
    "leakage": "v",
}
"""Metric -> lower (v), higher (^), or a value to be near (0, 1)."""
