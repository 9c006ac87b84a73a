"""Which side each picture is on: by its content, by its folder, as a published tree has it, and as a run began."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from gan.config import Data
from gan.data import SPLITS, Split
from gan.data.folder import Picture, scan
from gan.data.split import Divided, divide
from gan.errors import RequestError
from tests.support.pictures import random_picture


def data_of(root: Path | str, **changes: object) -> Data:
    return replace(Data(source="folder", root=str(root), line="canny", min_images=1), **changes)  # type: ignore[arg-type]


def save(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(random_picture(seed)).save(path)


def made_up(*paths: str, first: int = 0) -> list[Picture]:
    """A picture of its own content at each path."""
    return [Picture(path, f"{number:064x}", 64, 64) for number, path in enumerate(paths, first)]


def place(key: str) -> float:
    """Where a key lies in [0, 1): test below data.test_fraction, then val, then train."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:16], 16) / 2**64


def paths(divided: Divided) -> dict[Split, list[str]]:
    return {split: [picture.path for picture in side] for split, side in divided.sides.items()}


def side_of(data: Data) -> dict[str, str]:
    return {picture.path: split for split, side in divide(scan(data).pictures, data).sides.items() for picture in side}


def test_more_pictures_move_none_across(picture_folder: Path) -> None:
    data = data_of(picture_folder)
    before = side_of(data)
    for number in range(100, 160):
        save(picture_folder / f"a{number}.png", number)
    after = side_of(data)
    assert len(after) == 100
    assert {path: after[path] for path in before} == before
    assert set(before.values()) == set(SPLITS)


def test_the_side_is_a_function_of_the_content(picture_folder: Path, tmp_path: Path) -> None:
    before = side_of(data_of(picture_folder))
    elsewhere = tmp_path / "elsewhere"
    for path in before:
        (elsewhere / path[0]).mkdir(parents=True, exist_ok=True)
        shutil.copy(picture_folder / path, elsewhere / path[0] / f"renamed-{path}")
    after = side_of(data_of(elsewhere))
    assert {path.split("renamed-")[1]: side for path, side in after.items()} == before


def test_shares_are_as_asked() -> None:
    pictures = tuple(Picture(f"{number}.png", f"{number:064x}", 64, 64) for number in range(4000))
    by_side = divide(pictures, Data(source="folder", line="canny", val_fraction=0.05, test_fraction=0.15)).sides
    shares = {split: len(side) / 4000 for split, side in by_side.items()}
    assert shares == pytest.approx({"train": 0.8, "val": 0.05, "test": 0.15}, abs=0.02)


def test_copies_stay_on_one_side(picture_folder: Path) -> None:
    for number in range(40):
        shutil.copy(picture_folder / f"{number:02d}.png", picture_folder / f"copy-{number:02d}.png")
    data = data_of(picture_folder)
    by_side = divide(scan(data).pictures, data).sides
    digests = {split: {picture.digest for picture in side} for split, side in by_side.items()}
    assert not digests["train"] & digests["test"]
    assert not digests["train"] & digests["val"]
    assert not digests["val"] & digests["test"]


def test_split_by_folder_keeps_a_character_together_and_leaks_no_copy(tmp_path: Path) -> None:
    """The layout of the animeface-character-dataset: thumb/<number>_<tag>/face_*.png, other files beside them."""
    for character in range(30):
        home = tmp_path / "thumb" / f"{character:03d}_name"
        for face in range(3):
            save(home / f"face_{character}_{face}.png", 10 * character + face)
        (home / "color.csv").write_text("1,2,3")
    shared = random_picture(7777)
    for character in range(30):
        Image.fromarray(shared).save(tmp_path / "thumb" / f"{character:03d}_name" / "face_same.png")
    data = data_of(tmp_path, split="folder")
    found = scan(data)
    by_side = divide(found.pictures, data).sides
    homes = {split: {Path(picture.path).parent for picture in side} for split, side in by_side.items()}
    assert all(homes.values())
    assert not homes["train"] & homes["test"]
    assert not homes["train"] & homes["val"]
    assert not homes["val"] & homes["test"]
    holders = [split for split, side in by_side.items() for picture in side if picture.path.endswith("same.png")]
    assert set(holders) == {"train"}
    assert found.other == {".csv": 30}
    assert found.skipped == {}


def test_a_side_without_pictures_is_an_error(picture_folder: Path) -> None:
    with pytest.raises(RequestError, match=r"leaves no picture of 40 for val.*val_fraction \(0\)"):
        side_of(data_of(picture_folder, val_fraction=0.0))
    with pytest.raises(RequestError, match=r"split=folder leaves no picture"):
        side_of(data_of(picture_folder, split="folder"))


PUBLISHED = [
    f"{side}/{number}.jpg" for side, count in (("test", 5), ("train", 40), ("val", 6)) for number in range(count)
]


@pytest.mark.parametrize("below", ["", "facades/", "color/", "a/b/"])
@pytest.mark.parametrize(
    ("train", "val", "test"), [("train", "val", "test"), ("Train", "VALID", "Test"), ("TRAIN", "validation", "test")]
)
def test_a_published_split_is_taken_as_it_is(below: str, train: str, val: str, test: str) -> None:
    names = {"train": train, "val": val, "test": test}
    tree = sorted(f"{below}{names[path.split('/')[0]]}/deep/{path.split('/')[1]}" for path in PUBLISHED)
    divided = divide(made_up(*tree), data_of("faces"))
    assert divided.by == "named"
    assert divided.left_out == {}
    for split, side in paths(divided).items():
        assert side == [path for path in tree if path.startswith(f"{below}{names[split]}/")]
    (line,) = divided.notes
    assert line.endswith("folders named train, val and test are taken as they are: 40 train, 6 val, 5 test")
    by_content = divide(made_up(*tree), data_of("faces", split="hash"))
    assert by_content.by == "hash"
    assert "has folders named train, val, test, which data.split=hash does not heed" in by_content.notes[0]
    assert any(names["test"] in path for path in paths(by_content)["train"])


def test_without_such_folders_auto_is_hash() -> None:
    for tree in (
        [f"{number}.png" for number in range(60)],
        [f"train/{number}.png" for number in range(60)],
        [f"{name}/{number}.png" for name in ("trainA", "testA", "tests") for number in range(20)],
        [f"train-{number}/test/{number}.png" for number in range(60)],  # no two of them beside each other
    ):
        divided = divide(made_up(*tree), data_of("faces"))
        assert divided == divide(made_up(*tree), data_of("faces", split="hash"))
        assert (divided.by, divided.notes) == ("hash", [])
        with pytest.raises(RequestError, match="named needs folders train and test, or train and val"):
            divide(made_up(*tree), data_of("faces", split="named"))


def test_folders_without_train_are_said_and_not_heeded() -> None:
    divided = divide(made_up(*(path for path in PUBLISHED * 3 if "train" not in path)), data_of("faces"))
    assert divided.by == "hash"
    assert divided.notes == ["faces has folders named val, test, which data.split=hash does not heed"]


@pytest.mark.parametrize("missing", ["val", "test"])
def test_a_side_without_a_folder_is_taken_from_training_by_content(missing: Split) -> None:
    tree = made_up(*(path for path in PUBLISHED if not path.startswith(missing)))
    divided = divide(tree, data_of("faces"))
    low, high = {"val": (0.2, 0.3), "test": (0.0, 0.2)}[missing]
    train = [picture for picture in tree if picture.path.startswith("train")]
    held = [picture.path for picture in train if low <= place(picture.digest) < high]
    assert len(held) > 1
    assert paths(divided)[missing] == held
    assert paths(divided)["train"] == [picture.path for picture in train if picture.path not in held]
    (kept,) = {"val", "test"} - {missing}
    assert all(path.startswith(kept) for path in paths(divided)[kept])  # type: ignore[index]
    assert divided.notes[1] == f"no folder has pictures for {missing}: it takes {len(held)} of train, by their content"


def test_pictures_outside_of_the_folders_are_left_out_and_named() -> None:
    divided = divide(made_up("a.png", *PUBLISHED, "z/b.png"), data_of("faces"))
    assert list(divided.left_out) == ["a.png", "z/b.png"]
    assert set(divided.left_out.values()) == {"in no folder named train, val or test"}
    assert sum(len(side) for side in divided.sides.values()) == len(PUBLISHED)
    with pytest.raises(
        RequestError, match=r"has 51 usable pictures in folders named .* data\.min_images is 52; .* 53$"
    ):
        divide(made_up("a.png", *PUBLISHED, "z/b.png"), data_of("faces", min_images=52))


def test_no_published_test_picture_trains() -> None:
    """Copies are taken out of training, and the test stays as it was published."""
    tree = made_up(*PUBLISHED)
    copied = replace(tree[2], path="train/copy-of-test.jpg")
    divided = divide([*tree, copied, replace(tree[-1], path="train/copy-of-val.jpg")], data_of("faces"))
    assert paths(divided) == paths(divide(tree, data_of("faces")))
    assert divided.left_out == {
        "train/copy-of-test.jpg": "a copy of a picture of test",
        "train/copy-of-val.jpg": "a copy of a picture of val",
    }


def test_the_sides_by_content_are_those_of_every_earlier_run() -> None:
    tree = made_up(*(f"{number:03d}.png" for number in range(200)))
    sides = paths(divide(tree, data_of("faces", val_fraction=0.1, test_fraction=0.2)))
    assert sides == {
        "train": [picture.path for picture in tree if place(picture.digest) >= 0.1 + 0.2],
        "val": [picture.path for picture in tree if 0.2 <= place(picture.digest) < 0.1 + 0.2],
        "test": [picture.path for picture in tree if place(picture.digest) < 0.2],
    }
    assert all(sides.values())


def test_a_small_set_is_never_refused_by_chance() -> None:
    """20 pictures at shares of 5 %: each empty side takes the picture nearest to it, every other stays where it was."""
    data, taken = data_of("faces", val_fraction=0.05, test_fraction=0.05), 0
    for trial in range(100):
        tree = made_up(*(f"{number:02d}.png" for number in range(20)), first=1000 * trial)
        divided = divide(tree, data)
        places = {picture.path: place(picture.digest) for picture in tree}
        expected = {path: "test" if at < 0.05 else "val" if at < 0.1 else "train" for path, at in places.items()}
        empty = [split for split in SPLITS if split not in expected.values()]
        found = {path: split for split, side in paths(divided).items() for path in side}
        moved = {path for path in found if found[path] != expected[path]}
        assert len(moved) == len(empty) == len(divided.notes)
        assert set(found.values()) == set(SPLITS)
        if empty == ["test"] and list(expected.values()).count("val") == 1:  # val does not give its last
            assert moved == {min((at, path) for path, at in places.items() if at >= 0.1)[1]}
        elif empty == ["test"]:
            assert moved == {min((at, path) for path, at in places.items())[1]}
        elif empty == ["val"]:
            rivals = {path: max(0.05 - at, at - 0.1) for path, at in places.items()}
            if list(expected.values()).count("test") == 1:
                rivals = {path: far for path, far in rivals.items() if expected[path] != "test"}
            assert moved == {min(rivals, key=lambda path: rivals[path])}
        taken += bool(empty)
    assert taken == pytest.approx(59, abs=12)


def test_what_an_empty_side_takes_is_said_and_depends_on_content_alone() -> None:
    data = data_of("faces", val_fraction=0.01, test_fraction=0.2)
    tree = made_up(*(f"{number:02d}.png" for number in range(20)))
    divided = divide(tree, data)
    (taken,) = divided.sides["val"]
    assert divided.notes == [
        f"data.root (faces): too few pictures for val, which none of 20 fell to: it takes {taken.path} from "
        f"{'test' if place(taken.digest) < 0.2 else 'train'}"
    ]
    renamed = [replace(picture, path=f"x{99 - number}.png") for number, picture in enumerate(tree)]
    (again,) = divide(sorted(renamed, key=lambda picture: picture.path), data).sides["val"]
    assert again.digest == taken.digest
    copies = divide([*tree, *(replace(picture, path=f"copy-{picture.path}") for picture in tree)], data)
    assert {picture.digest for picture in copies.sides["val"]} == {taken.digest}
    assert len(copies.sides["val"]) == 2


def test_an_empty_side_takes_a_whole_folder_with_split_folder() -> None:
    data = data_of("faces", split="folder", val_fraction=0.001, test_fraction=0.4)
    tree = made_up(*(f"{name}/{number}.png" for name in "abcdef" for number in range(4)))
    divided = divide(tree, data)
    assert len(divided.sides["val"]) == 4
    (home,) = {picture.path[0] for picture in divided.sides["val"]}
    assert f"it takes the folder {home} from" in divided.notes[0]


def test_a_run_that_goes_on_keeps_sides_and_order() -> None:
    data = data_of("faces", val_fraction=0.1, test_fraction=0.1)
    tree = made_up(*(f"{number:02d}.png" for number in range(30)))
    copied = sorted([*tree, replace(tree[3], path="99.png")], key=lambda picture: picture.path)
    began = divide(copied, data)
    begun = {split: [picture.digest for picture in side] for split, side in began.sides.items()}
    assert divide(copied, data, begun) == began
    renamed = sorted(
        (replace(picture, path=f"{place(picture.path)}.png") for picture in copied), key=lambda picture: picture.path
    )
    for split, side in divide(renamed, data, begun).sides.items():
        assert [picture.digest for picture in side] == begun[split]
    other_rule = replace(data, val_fraction=0.4, test_fraction=0.4)
    more = sorted(
        [*copied, *made_up(*(f"a{number}.png" for number in range(50)), first=500)], key=lambda each: each.path
    )
    grown = divide(more, other_rule, begun)
    plain = {picture.digest: split for split, side in divide(more, other_rule).sides.items() for picture in side}
    for split, side in grown.sides.items():
        before, new = side[: len(begun[split])], side[len(begun[split]) :]
        assert [picture.digest for picture in before] == begun[split]
        assert [picture.path for picture in new] == sorted(picture.path for picture in new)
        assert {plain[picture.digest] for picture in new} <= {split}
    assert sum(len(side) for side in grown.sides.values()) == 81


def test_a_side_that_was_filled_stays_when_pictures_come() -> None:
    data = data_of("faces", val_fraction=0.01, test_fraction=0.2)
    few = made_up(*(f"{number:02d}.png" for number in range(20)))
    began = divide(few, data)
    assert began.notes
    begun = {split: [picture.digest for picture in side] for split, side in began.sides.items()}
    grown = divide([*few, *made_up(*(f"a{number}.png" for number in range(200)), first=500)], data, begun)
    (taken,) = began.sides["val"]
    assert taken in grown.sides["val"]
    assert len(grown.sides["val"]) > 1
    assert grown.notes == []
