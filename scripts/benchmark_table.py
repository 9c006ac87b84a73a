"""A table of what was measured: for a terminal, for a page, and as JSON."""

from dataclasses import dataclass, field

from rich.table import Table as Shown

Value = float | str


@dataclass
class Table:
    """Rows of a name and its numbers; "" where there is none.

    title: what is measured, with its unit. headings: of the name and of each number; those of ratios begin with it.
    """

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, tuple[Value, ...]]] = field(default_factory=list)

    def add(self, name: str, values: tuple[Value, ...]) -> None:
        """A row."""
        self.rows.append((name, values))

    def shown(self) -> Shown:
        """For a terminal."""
        shown = Shown(title=self.title)
        for number, heading in enumerate(self.headings):
            shown.add_column(heading, justify="right" if number else "left")
        for name, values in self.rows:
            shown.add_row(name, *(_text(value) for value in values))
        return shown

    def markdown(self) -> str:
        """For a page."""
        lines = [self.headings, ("---", *("---:" for _ in self.headings[1:]))]
        lines += [(name, *(_text(value) for value in values)) for name, values in self.rows]
        return "\n".join([f"**{self.title}**", "", *(f"| {' | '.join(line)} |" for line in lines)])

    def json(self) -> dict[str, dict[str, Value]]:
        """Name -> heading -> number."""
        return {name: dict(zip(self.headings[1:], values, strict=True)) for name, values in self.rows}


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
