"""What is drawn while a run trains: a sampler's draws are its own answers, with the noise of the same seed and draw."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from gan import seeds
from gan.config import Evaluation, Experiment, Generator, Hints
from gan.data import sources
from gan.data.fixed import spread
from gan.grid import DRAW_COLUMNS, cut
from gan.networks import build_generator
from gan.ranges import to_uint8
from gan.training.validation import Validation, prepare

CPU = torch.device("cpu")


def prepared(experiment: Experiment) -> Validation:
    return prepare(sources.load(experiment), experiment, None, CPU)


def sampling(tiny: Experiment, rows: int) -> Experiment:
    return replace(tiny, generator=Generator(width=8, noise=3), evaluation=Evaluation(grid=rows, pictures=4), seed=2)


def test_each_column_of_the_draws_is_the_generators_answer_to_that_noise(tiny: Experiment) -> None:
    experiment = sampling(tiny, rows=6)
    generator = build_generator(experiment).eval()
    validation = prepared(experiment)
    grid = validation.draw(generator)["samples/draws"]
    columns = cut(grid, (32, 32), DRAW_COLUMNS)
    assert columns is not None
    assert list(columns) == ["line", *(f"draw {number}" for number in range(1, 9))]
    pictures = sources.load(experiment).sides["val"]
    lines = validation.val_grid.line[:4]
    assert np.array_equal(columns["line"], pixels(lines.expand(-1, 3, -1, -1)))
    keys = [pictures.key(index) for index in spread(pictures, 6)[:4]]
    for draw in range(8):
        noise = torch.from_numpy(np.stack([seeds.normal(3 * 9, 2, "frozen noise", key, draw) for key in keys]))
        with torch.inference_mode():
            fake = generator(torch.cat([lines, torch.zeros(4, 4, 32, 32)], dim=1), noise)
        assert np.array_equal(columns[f"draw {draw + 1}"], pixels(fake)), draw
    assert len({columns[name].tobytes() for name in DRAW_COLUMNS}) == 9


def pixels(pictures: Tensor) -> np.ndarray:
    return np.stack([to_uint8(picture) for picture in pictures])


def test_the_first_draw_is_the_grids_and_there_are_no_more_drawings_than_in_it(tiny: Experiment) -> None:
    experiment = sampling(tiny, rows=3)
    drawn = prepared(experiment).draw(build_generator(experiment))
    draws, grid = cut(drawn["samples/draws"], (32, 32), DRAW_COLUMNS), cut(drawn["samples/grid"], (32, 32))
    assert draws is not None
    assert grid is not None
    assert len(draws["line"]) == 3
    assert np.array_equal(draws["draw 1"], grid["fake"])


def test_draws_are_without_hints(tiny: Experiment) -> None:
    hints = Hints(kind="regions", dab=(3, 5))
    experiment = replace(sampling(tiny, rows=4), hints=hints, generator=Generator(width=8, noise=3, keys=4))
    validation = prepared(experiment)
    assert validation.val_grid.hint[:, 3].any()
    assert len(validation.draws) == 8
    assert not any(batch.hint.any() for batch in validation.draws)


def test_a_run_without_noise_draws_what_it_always_did(tiny: Experiment) -> None:
    validation = prepared(replace(tiny, evaluation=Evaluation(grid=2, pictures=4)))
    assert validation.draws == ()
    assert list(validation.draw(build_generator(tiny))) == ["samples/grid", "samples/train_grid"]
