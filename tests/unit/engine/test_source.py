"""Definition files are read as YAML 1.2; whatever JSON cannot say is refused with its line."""

from pathlib import Path

import pytest

from trex_app.engine.source import RawDefinition, read_definition, read_folders

MINIMAL = "id: stay\ntitle: Stay\nstart: done\nsteps:\n  done: {end: done}\n"


def problems(text: str) -> list[str]:
    definition, found = read_definition(text, "stay.yaml")
    assert definition is None
    return [str(problem) for problem in found]


def source(text: str) -> RawDefinition:
    definition, found = read_definition(text, "stay.yaml")
    assert definition is not None, found
    return definition


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "stay.yaml:1: The file is empty. Write id, title and steps."),
        ("- one\n- two\n", "stay.yaml:1: This is not a workflow. Write id, title and steps."),
        (
            "id: stay\nsteps:\n\tone: {}\n",
            "stay.yaml:3: This is not YAML: found character '\\t' that cannot start any token. "
            "Indent with blanks, not with tabs.",
        ),
        (
            "id: stay\ntitle: 'Stay\n",
            "stay.yaml:3: This is not YAML: found unexpected end of stream. Mend the YAML there.",
        ),
        ("id: stay\ntitle: a\x00b\n", "stay.yaml:2: A character is not allowed. Remove it."),
        (
            "id: stay\ntitle: One\ntitle: Two\n",
            "stay.yaml:3: 'title' is already there in line 2. Keep one.",
        ),
        (
            "id: stay\nsteps: {one: {fields: {a: 1, a: 2}}}\n",
            "stay.yaml:2: 'a' is already there in line 2. Keep one.",
        ),
        (
            "id: stay\nlabels:\n  1: One\n",
            "stay.yaml:3: The key 1 is not a word. Put it in quotes.",
        ),
        (
            "id: stay\nlabels:\n  true: Yes\n",
            "stay.yaml:3: The key True is not a word. Put it in quotes.",
        ),
        (
            "id: stay\nsince: 2026-01-01\n",
            "stay.yaml:2: This value is neither text, number, true, false nor null. "
            "Put it in quotes to make it a text.",
        ),
        (
            "id: stay\nsize: .inf\n",
            "stay.yaml:2: This is not a number that can be counted with. Write digits.",
        ),
        (
            "id: stay\na: &x {b: 1}\nc: *x\n",
            "stay.yaml:2: Anchors and aliases are not used in definitions. "
            "Put fields that several screens share into shared.yaml.",
        ),
        (
            "%YAML 1.1\n---\nid: stay\nsure: no\n",
            "stay.yaml:1: A %YAML directive changes how words are read. Remove it.",
        ),
        (
            "id: stay\nrun: !!python/object:os.system x\n",
            "stay.yaml:2: This value is neither text, number, true, false nor null. "
            "Put it in quotes to make it a text.",
        ),
        (
            MINIMAL.replace("id: stay", "id: holiday"),
            "stay.yaml:1: The id differs from the file's name. "
            "Name the file holiday.yaml or write id: stay.",
        ),
        (
            "id: stay\n---\nid: stay\n",
            "stay.yaml:2: This is not YAML: but found another document. Mend the YAML there.",
        ),
        (
            "id: stay\ntitle: " + "x" * 1_000_001,
            "stay.yaml:1: The file is too large. Split the workflow.",
        ),
    ],
    ids=range(17),
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    assert len(problems("id: stay\n1: a\n2: b\nc: 2026-01-01\n")) == 3


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "No", "y", "12:30", "1e", "0o8"])
def test_a_word_stays_a_word(word: str) -> None:
    definition = source(f"id: stay\nvalue: {word}\n")
    assert definition.source["value"] == word


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("null", None),
        ("~", None),
        ("7", 7),
        ("1.5", 1.5),
        ("'7'", "7"),
        ("010", 10),
    ],
)
def test_numbers_and_truths_are_what_yaml_1_2_says(text: str, value: object) -> None:
    definition = source(f"id: stay\nvalue: {text}\n")
    assert definition.source["value"] == value
    assert type(definition.source["value"]) is type(value)


def test_everything_has_its_line() -> None:
    definition = source(
        "id: stay\nsteps:\n  one:\n    next:\n      - to: two\n      - {to: three}\n"
    )
    assert definition.line("steps", "one") == 3
    assert definition.line("steps", "one", "next", 1) == 6
    assert definition.line("steps", "one", "next", 0, "to") == 5
    assert definition.line("steps", "one", "absent") == 3
    assert definition.line("nowhere") == 1


class TestFolders:
    def test_every_file_is_read_by_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "stay.yaml").write_text(MINIMAL)
        (tmp_path / "notes.txt").write_text("not a workflow")
        reading = read_folders([tmp_path])
        assert list(reading.raws) == ["stay"]
        assert reading.problems == []

    def test_ones_own_file_replaces_a_shipped_one(self, tmp_path: Path) -> None:
        for folder, title in (("shipped", "Stay"), ("own", "My stay")):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "stay.yaml").write_text(MINIMAL.replace("Stay", title))
        reading = read_folders([tmp_path / "shipped", tmp_path / "own"])
        assert reading.raws["stay"].source["title"] == "My stay"
        assert reading.replaced["stay"].source["title"] == "Stay"

    def test_a_folder_that_is_not_there_is_a_problem(self, tmp_path: Path) -> None:
        (problem,) = read_folders([tmp_path / "absent"]).problems
        assert problem.message == "This is not a folder"

    @pytest.mark.parametrize("name", ["stay", "shared"])
    def test_what_cannot_be_read_is_a_problem(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        def refuse(_file: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        (tmp_path / f"{name}.yaml").write_text(MINIMAL)
        monkeypatch.setattr(Path, "read_bytes", refuse)
        (problem,) = read_folders([tmp_path]).problems
        assert problem.message == "This file cannot be read: Permission denied"

    def test_a_bad_file_leaves_the_others_readable(self, tmp_path: Path) -> None:
        (tmp_path / "stay.yaml").write_text(MINIMAL)
        (tmp_path / "bad.yaml").write_text("id: [")
        reading = read_folders([tmp_path])
        assert list(reading.raws) == ["stay"]
        assert [Path(problem.file).name for problem in reading.problems] == ["bad.yaml"]


class TestSharedFields:
    SHARED = (
        "fields:\n  person:\n    name: {type: string, title: Name}\n"
        "    age: {type: integer, title: Age}\n"
    )
    SCREEN = (
        "id: stay\nsteps:\n  who:\n    fields:\n      $use: person\n"
        "      age: {type: string, title: Your age}\n      dog: {type: boolean, title: Dog}\n"
    )

    def read(self, folder: Path, shared: str, screen: str):
        (folder / "shared.yaml").write_text(shared)
        (folder / "stay.yaml").write_text(screen)
        return read_folders([folder])

    def test_a_group_is_put_in_first_and_own_fields_win(self, tmp_path: Path) -> None:
        fields = (
            self.read(tmp_path, self.SHARED, self.SCREEN)
            .raws["stay"]
            .source["steps"]["who"]["fields"]
        )
        assert list(fields) == ["name", "age", "dog"]
        assert fields["age"]["title"] == "Your age"

    def test_several_groups_can_be_used(self, tmp_path: Path) -> None:
        shared = self.SHARED + "  pet:\n    cat: {type: boolean, title: Cat}\n"
        screen = self.SCREEN.replace("$use: person", "$use: [person, pet]")
        fields = self.read(tmp_path, shared, screen).raws["stay"].source["steps"]["who"]["fields"]
        assert list(fields) == ["name", "age", "cat", "dog"]

    def test_an_unknown_group_is_a_problem(self, tmp_path: Path) -> None:
        reading = self.read(tmp_path, self.SHARED, self.SCREEN.replace("person", "parson"))
        (problem,) = reading.problems
        assert (problem.line, problem.message) == (5, "There is no group of fields 'parson'")

    def test_a_shared_file_without_groups_is_a_problem(self, tmp_path: Path) -> None:
        reading = self.read(tmp_path, "person: {}\n", MINIMAL)
        assert [problem.message for problem in reading.problems] == [
            "There are no groups of fields here"
        ]
