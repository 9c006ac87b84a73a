"""A generator that points at hints: (B, 5 or 9, H, W) -> (B, 3, H, W) in [-1, 1]. What a hint says is never regressed.

A U-Net sees the drawing alone and says of every pixel what it is like: features. A hint's key is the mean feature where
it lies. Attention of a pixel's features to the keys of all hints, and to a logit of its own that none of them fits,
mixes the hints' exact colours with a colour of the network's:

    logit_k(x) = s <f(x), key_k> + t flood_k(x),  logit_none(x) = n o(x)
    picture(x) = line(x) (sum_k a_k(x) c_k + a_none(x) net(x))

flood_k(x) is the confidence of the hints flooded to the lines where colour k reaches x (`gan.hints.areas`), if they are
given: what lines and hints say without a network; 0 else.

Attention over a reference's colours is known from colourisation by example (Lee et al. 2020, arXiv 2005.05207).
Features depend on no colour, so that colours which were never trained with work as well; without hints it is a U-Net.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.models.layers import paper, under
from gan.models.sampler import Drawn, Sampler

MOST_COLORS = 64
"""Colours of hints that a picture can have; of more, those with most pixels count."""


@dataclass(frozen=True)
class Features:
    """What the network says of a drawing: color (B, 3, H, W) in [-1, 1], keys (B, E, H, W), none (B, 1, H, W).

    drawn: all that a sampler says; None of another network.
    """

    color: Tensor
    keys: Tensor
    none: Tensor
    drawn: Drawn | None = None


@dataclass(frozen=True)
class Pointing:
    """A picture, and what it was mixed of.

    picture: (B, 3, H, W) in [-1, 1]. alone: (B, 3, H, W), the network's own colours under the lines. logits:
    (B, K + 1, H, W), none last. colors: (B, K, 3) in [-1, 1], of the hints. share: (B, 1, H, W) in [0, 1] of what is no
    ink. drawn: as that of `Features`.
    """

    picture: Tensor
    alone: Tensor
    logits: Tensor
    colors: Tensor
    share: Tensor
    drawn: Drawn | None = None

    @property
    def hints(self) -> Tensor:
        """(B, K, 3, H, W) in [-1, 1]: the picture in the colour of each hint alone, under the lines."""
        return under(self.colors[..., None, None], self.share[:, None])


class Pointer(nn.Module):
    """A U-Net of the drawing that points at the hints.

    Args:
        network: (B, 1, H, W) -> (B, 3 + features + 1, H, W) in [-1, 1]; `gan.models.sampler` takes noise besides.
        features: E, the length of a key.
        inked: the pictures have the drawing's ink, which is multiplied in.
        flooded: the hints are given flooded to the lines, too: (B, 9, H, W).
    """

    def __init__(self, network: nn.Module, *, features: int, inked: bool, flooded: bool = False) -> None:
        super().__init__()
        self.network, self.features, self.inked = network, features, inked
        if flooded:
            self.flood_scale = nn.Parameter(torch.tensor(4.0))
        self.key_scale = nn.Parameter(torch.tensor(1.0))
        self.none_scale = nn.Parameter(torch.tensor(4.0))

    def look(self, line: Tensor, *noise: Tensor) -> Features:
        """(B, 1, H, W) in [-1, 1] -> what the network says of it; hints play no part."""
        if isinstance(self.network, Sampler):
            drawn = self.network.draw(line, *noise)
            return self._features(drawn.color, drawn.more, drawn)
        seen = self.network(line).float()  # (B, 3 + E + 1, H, W)
        return self._features(seen[:, :3], seen[:, 3:])

    def _features(self, color: Tensor, more: Tensor, drawn: Drawn | None = None) -> Features:
        return Features(color, more[:, :-1], self.none_scale * more[:, -1:], drawn)

    def point(self, condition: Tensor, *noise: Tensor) -> Pointing:
        """(B, 5 or 9, H, W) drawing, hints and flooded hints -> the picture, and what it was mixed of."""
        seen = self.look(condition[:, :1], *noise)
        with torch.autocast(condition.device.type, enabled=False):  # the hints' colours are exact
            return self._mix(condition, seen)

    def _mix(self, condition: Tensor, seen: Features) -> Pointing:
        line, hint, flood = condition[:, :1], condition[:, 1:5], condition[:, 5:]
        marks, colors = group_colors(hint)  # (B, K, H, W), (B, K, 3)
        area = marks.sum(dim=(2, 3))  # (B, K)
        keys = torch.einsum("bkhw,behw->bke", marks, seen.keys) / area.clamp_min(1)[..., None]
        logits = self.key_scale * torch.einsum("bke,behw->bkhw", keys, seen.keys)
        if flood.shape[1]:
            reached = (flood[:, None, :3] == colors[..., None, None]).all(dim=2)  # (B, K, H, W)
            logits = logits + self.flood_scale * reached * flood[:, 3:]
        logits = logits.masked_fill((area == 0)[..., None, None], -1e4)
        logits = torch.cat([logits, seen.none], dim=1)  # (B, K + 1, H, W)
        attention = logits.softmax(dim=1)
        mixed = torch.einsum("bkhw,bkc->bchw", attention[:, :-1], colors) + attention[:, -1:] * seen.color
        share = paper(line) if self.inked else torch.ones_like(line)
        return Pointing(under(mixed, share), under(seen.color, share), logits, colors, share, seen.drawn)

    def forward(self, condition: Tensor, *noise: Tensor) -> Tensor:
        """(B, 5 or 9, H, W), and (B, Z) where it draws -> (B, 3, H, W) in [-1, 1]."""
        return self.point(condition, *noise).picture


def group_colors(hint: Tensor) -> tuple[Tensor, Tensor]:
    """(B, 4, H, W) hints -> (B, K, H, W) where each colour of a picture lies, 0 or 1, and (B, K, 3) the colours.

    K is that of the picture with most colours; the others have empty marks.
    """
    batch, _, height, width = hint.shape
    flat = hint.flatten(2)
    found = []
    for picture in flat:
        pixel = picture[3].nonzero()[:, 0]
        colors, which = picture[:3, pixel].T.unique(dim=0, return_inverse=True)
        if len(colors) > MOST_COLORS:
            kept = which.bincount().topk(MOST_COLORS).indices.sort().values
            place = torch.full((len(colors),), -1, device=hint.device).index_copy_(
                0, kept, torch.arange(MOST_COLORS, device=hint.device)
            )
            colors, which = colors[kept], place[which]
            pixel, which = pixel[which >= 0], which[which >= 0]
        found.append((pixel, which, colors))
    most = max((len(colors) for _, _, colors in found), default=0)
    marks = hint.new_zeros(batch, most, height * width)
    palette = hint.new_zeros(batch, most, 3)
    for number, (pixel, which, colors) in enumerate(found):
        marks[number, which, pixel] = 1
        palette[number, : len(colors)] = colors
    return marks.view(batch, most, height, width), palette
