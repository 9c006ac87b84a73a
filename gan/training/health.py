"""The health of a run, which its loss curves cannot show: curves of the game, and alarms (docs/training.md)."""

from collections.abc import Mapping

from torch import Tensor, nn

from gan.config import Experiment
from gan.evaluation import broken

WON = 0.99
"""Share of logits on the right side from which a critic has won."""
ONE_TINT = 0.95
"""Sepia index from which pictures of different drawings have nearly one colour."""
NO_GRADIENT = 1e-8


def accuracy(game: str, real_logits: Tensor, fake_logits: Tensor) -> dict[str, Tensor]:
    """() shares of a critic's logits on the right side: 1 where it is never wrong, .5 where it guesses.

    Of true and of made pictures by themselves, where a logit says what a picture is: above 0, or nearer to 1 than to 0
    (lsgan). A relativistic logit says nothing alone: there it is the share of pairs, of the true and the made picture
    of one drawing, that are ranked right.
    """
    if game == "relativistic":
        return {"D/pair_accuracy": (real_logits > fake_logits).float().mean()}
    middle = 0.5 if game == "lsgan" else 0.0
    return {
        "D/real_accuracy": (real_logits > middle).float().mean(),
        "D/fake_accuracy": (fake_logits < middle).float().mean(),
    }


class Watch:
    """Looks at every evaluation of a run, and says what is wrong with it: each alarm once."""

    def __init__(self, experiment: Experiment, total: int) -> None:
        self.experiment, self.total = experiment, total
        self.said: set[str] = set()
        self.has_moved = False
        self.led = False
        """Whether the critic had won at the evaluation before."""

    def look(self, step: int, values: Mapping[str, float], generator: nn.Module) -> list[str]:
        """What is newly wrong, a line each: what it is, and what to try.

        Args:
            step: steps done.
            values: the losses since the last line and the metrics of the evaluation, as they are logged.
            generator: as it is now.
        """
        alarms = {
            "critic": self._critic(values, rising=step < self.experiment.adversarial.ramp),
            "colors": self._colors(values, late=2 * step >= self.total),
            "still": self._still(values, generator),
        }
        new = {name: words for name, words in alarms.items() if words and name not in self.said}
        self.said.update(new)
        return [*new.values()]

    def _critic(self, values: Mapping[str, float], *, rising: bool) -> str:
        """Twice in a row, for at first any critic tells an untrained generator; and not while nothing opposes it."""
        shares = {name: value for name, value in values.items() if name.startswith("D/") and name.endswith("_accuracy")}
        led, self.led = self.led, bool(shares) and not rising and min(shares.values()) >= WON
        if not (led and self.led):
            return ""
        told = ", ".join(f"{name} {value:.3f}" for name, value in shares.items())
        return (
            f"the critic wins outright ({told}): it tells every picture, and what it teaches fades; "
            "try a lower optimizer.d_lr, or adversarial.r1 and r2"
        )

    def _colors(self, values: Mapping[str, float], *, late: bool) -> str:
        metrics = {name.removeprefix("val/"): value for name, value in values.items() if name.startswith("val/")}
        if reason := broken.of_pictures(metrics):
            return f"colours collapse: {reason}; try a lower optimizer.lr"
        indices = [value for name, value in values.items() if name.startswith("val") and name.endswith("/sepia_index")]
        index = min(indices, default=0.0)  # with hints too, which bring colour back where there is any
        game, drawn = self.experiment.adversarial.game != "none", self.experiment.generator.noise > 0
        if not (game or drawn) or not late or index < ONE_TINT:
            return ""  # one tint is what a pixel loss alone answers where colours are not known
        if not game:
            return (
                f"colours collapse: though noise draws them, the pictures have nearly one colour (sepia index "
                f"{index:.2f}); try a higher reconstruction.palette, or more generator.colors"
            )
        return (
            f"colours collapse: in spite of the critic, the pictures have nearly one colour (sepia index {index:.2f}); "
            "try a lower optimizer.d_lr, larger patches (discriminator.layers), or a lower reconstruction.weight"
        )

    def _still(self, values: Mapping[str, float], generator: nn.Module) -> str:
        self.has_moved = self.has_moved or broken.moved(generator, self.experiment) >= broken.LEAST_MOVE
        if not self.has_moved:
            return (
                f"nothing moves: the generator's weights are those that it began with "
                f"(optimizer.lr {self.experiment.optimizer.lr:g}); try a higher optimizer.lr"
            )
        if values["G/grad_norm"] < NO_GRADIENT:
            return (
                f"nothing moves: no gradient reaches the generator (G/grad_norm {values['G/grad_norm']:.1g}); "
                "begin afresh with a lower optimizer.lr"
            )
        return ""
