"""A sentence a metric."""

from gan.metrics.catalog import CURVES, FIRST_CURVES, METRICS
from gan.web.report.meanings import SENTENCES, meanings


def test_what_the_page_shows_unasked_has_a_sentence() -> None:
    shown = {name for name, metric in METRICS.items() if {"page", "page_hints", "page_cells"} & metric.places}
    assert shown | {name.removeprefix("val/") for name in FIRST_CURVES} == set(SENTENCES)
    assert set(SENTENCES) <= {*METRICS, *CURVES}


def test_names_as_they_are_logged() -> None:
    found = {each["name"]: each["words"] for each in meanings(["val/psnr", "val_hints/3/fill", "D/d_loss", "val/x"])}
    assert list(found) == ["psnr", "fill", "D/d_loss"]
    assert found["psnr"].startswith("PSNR (dB). The squared error")
    assert found["psnr"].endswith("Higher is better.")
    (sepia,) = meanings(["val_average/sepia_index"])
    assert sepia["words"].endswith("Best near 0.")
    assert meanings([]) == []
