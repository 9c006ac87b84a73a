"""The embedded data set: characters whose colours are independent of their lines, to a dose that is chosen.

A character (`gan.data.render`) is flat fills under ink, so coverage maps of its regions (hair, skin, background) let
every epoch draw fresh colours (`gan.data.palette`).

The line drawing is the same character with every fill white and the ink, eyes, glasses and earrings black: it is made
of geometry alone. Edges taken from a coloured picture would leak colour, for an edge between like colours vanishes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan.arrays import Ints, Pixels
from gan.config import Augment, Colors, Data
from gan.data import Split, gamut
from gan.data.augment import jitter_line, load_shape, same_geometry
from gan.data.batch import Sample
from gan.data.cache import arrays_of, on_all_cores
from gan.data.palette import Coloring, bayes_l1, bayes_l2, colors_of, paint, sampler_error
from gan.data.picture import cover
from gan.data.render import cast_of, hair_variants, render
from gan.errors import RequestError
from gan.hints.areas import AreaMap, area_map
from gan.ranges import to_signed, to_unit


def canonical_colors(variant: int) -> tuple[int, int, int]:
    """Palette indices (hair, skin, background) of hair variant `variant`; all three marginals are exactly uniform."""
    return variant % 7, variant % 5, (2 * (variant % 7) + variant % 5) % 7


@dataclass(frozen=True)
class Characters:
    """Rendered characters, in 8 bit; white = 255.

    base: (N, 3, S, S) with white regions; line: (N, S, S) dark on white; coverage: (N, K, S, S), 255 = covered;
    variant: (N,) index into `hair_variants()`; face: N names of feature combinations; split: N sides.
    """

    base: Pixels
    line: Pixels
    coverage: Pixels
    variant: Ints
    face: tuple[str, ...]
    split: tuple[Split, ...]

    def of(self, split: Split) -> Ints:
        """Indices of the characters of one side."""
        return np.array([index for index, side in enumerate(self.split) if side == split], dtype=np.int64)

    def coloring(self, index: int, alpha: float) -> Coloring:
        """The conditional distribution of the colours of character `index` at dose `alpha`."""
        return Coloring(canonical_colors(int(self.variant[index])), alpha)


def _sides(turns: int, data: Data) -> list[Split]:
    """The sides of a variant's characters, each turn to the side that is most behind: more turns move none across."""
    shares: dict[Split, float] = {"test": data.test_fraction, "val": data.val_fraction}
    shares["train"] = 1 - data.test_fraction - data.val_fraction
    sides: list[Split] = []
    for turn in range(turns):
        sides.append(max(shares, key=lambda side: shares[side] * (turn + 1) - sides.count(side)))
    return sides


def _check_counts(data: Data) -> None:
    turns = data.characters // len(hair_variants())
    sides = _sides(turns, data)
    for split, field in (("train", "characters"), ("val", "val_fraction"), ("test", "test_fraction")):
        if split not in sides:
            raise RequestError(
                f"data.characters ({data.characters}) gives every hair variant {turns} characters, none of them for "
                f"{split}: raise data.{field}"
            )


def _render_all(data: Data) -> dict[str, NDArray[Any]]:
    cast = cast_of(data.characters)
    jobs = [(seed, hair_variants()[variant], data.height) for variant, seed, _ in cast]
    base, line, coverage = zip(*on_all_cores(render, jobs), strict=True)
    variant, _, face = zip(*cast, strict=True)
    stacks = {"base": base, "line": line, "coverage": coverage, "variant": variant, "face": face}
    return {name: np.array(values) for name, values in stacks.items()}


def load(data: Data) -> Characters:
    """The characters of a configuration, from the cache; rendered first where they are not there.

    Raises:
        RequestError: too few characters for every side to have every hair variant, or a cache that cannot be written.
    """
    _check_counts(data)
    shaping = [data.height, data.characters]
    arrays = arrays_of(f"avatars-{data.height}px-{data.characters}", shaping, partial(_render_all, data))
    variants = len(hair_variants())
    sides = _sides(data.characters // variants, data)
    return Characters(
        base=arrays["base"],
        line=arrays["line"],
        coverage=arrays["coverage"],
        variant=arrays["variant"].astype(np.int64),
        face=tuple(str(face) for face in arrays["face"]),
        split=tuple(sides[number // variants] for number in range(data.characters)),
    )


class AvatarPictures:
    """One side of the characters as training pictures, coloured afresh at each draw (`gan.data.loader.Pictures`).

    colors: what they are drawn from. areas: of every character, where hints are flooded to them.
    """

    def __init__(
        self,
        characters: Characters,
        split: Split,
        alpha: float,
        augment: Augment,
        colors: Colors = "palette",
        areas: Sequence[AreaMap] | None = None,
    ) -> None:
        self.characters, self.alpha, self.augment = characters, alpha, augment
        self.colors, self.areas = colors, areas
        self.indices = characters.of(split)
        self.plain = augment == Augment()

    def __len__(self) -> int:
        return len(self.indices)

    def key(self, index: int) -> str:
        """The hair variant and the face, which occur once."""
        character = self.indices[index]
        return f"{hair_variants()[self.characters.variant[character]]}/{self.characters.face[character]}"

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        """The characters in freshly drawn colours, painted all at once; in training augmented."""
        characters, every = self.indices[indices], self.characters
        base, line, coverage = every.base[characters], every.line[characters], every.coverage[characters]
        areas = [self.areas[character] if self.areas else None for character in characters]
        if training and not self.plain:
            for place, rng in enumerate(rngs):
                changed = self._augmented(rng, base[place], line[place], coverage[place])
                base[place], line[place], coverage[place] = changed
                # as large as the changed drawing is
                areas[place] = area_map(line[place], line[place].shape) if self.areas else None
        choices = [self._choice(int(character), rng) for character, rng in zip(characters, rngs, strict=True)]
        drawn = zip(choices, rngs, strict=True)
        fills = np.array([gamut.draw(rng) if choice is None else colors_of(choice) for choice, rng in drawn])
        shares = coverage / 255
        color = to_signed(torch.from_numpy(paint(base / 255, shares, fills)).float())
        drawing = to_signed(torch.from_numpy(line[:, None]).float() / 255)  # (B, 1, S, S)
        parts = zip(drawing, color, torch.from_numpy(shares).float(), choices, areas, strict=True)
        return [Sample(*part) for part in parts]

    def _choice(self, character: int, rng: np.random.Generator) -> Ints | None:
        """Freshly drawn palette indices, or None where colours are free."""
        return self.characters.coloring(character, self.alpha).draw(rng) if self.colors == "palette" else None

    def _augmented(
        self, rng: np.random.Generator, base: Pixels, line: Pixels, coverage: Pixels
    ) -> tuple[Pixels, Pixels, Pixels]:
        """The geometry is changed before the regions are filled, which comes to the same: both are linear."""
        shape = line.shape[0], line.shape[1]
        large = load_shape(shape, self.augment)
        stacks = [cover(part, large) for part in (base.transpose(1, 2, 0), line, coverage.transpose(1, 2, 0))]
        changed, line, regions = same_geometry(self.augment, shape, rng, stacks[0], stacks[1], stacks[2])
        assert regions is not None
        return changed.transpose(2, 0, 1), jitter_line(self.augment, rng, line), regions.transpose(2, 0, 1)

    def closed_forms(self, index: int, rng: np.random.Generator, known: Ints | None = None) -> dict[str, Tensor]:
        """The L1 optimum, the L2 optimum, and a draw from the true conditional distribution, given what is known.

        Nothing with free colours: the closed forms are those of the palettes.
        """
        if self.colors != "palette":
            return {}
        character = int(self.indices[index])
        base, coverage = self.characters.base[character] / 255, self.characters.coverage[character] / 255
        coloring = self.characters.coloring(character, self.alpha)
        forms = {
            "median": bayes_l1(base, coverage, coloring, known),
            "mean": bayes_l2(base, coverage, coloring, known),
            "sampler": paint(base, coverage, colors_of(coloring.draw(rng, known))),
        }
        return {name: to_signed(torch.from_numpy(picture).float()) for name, picture in forms.items()}

    def sampler_error(self, index: int, color: Tensor) -> Tensor | None:
        """Over every combination of palette colours, each with its probability."""
        if self.colors != "palette":
            return None
        character = int(self.indices[index])
        base, coverage = self.characters.base[character] / 255, self.characters.coverage[character] / 255
        true = to_unit(color).double().numpy()
        coloring = self.characters.coloring(character, self.alpha)
        return torch.from_numpy(sampler_error(base, coverage, true, coloring))
