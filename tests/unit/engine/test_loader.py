"""Definitions become workflows; a bad file never replaces a good one."""

import logging
import os
from pathlib import Path

import pytest

from tests.unit.engine.checker.definitions import CAPABILITIES, PACKAGE, STAY
from trex_app.core.errors import DefinitionInvalid
from trex_app.engine.loader import DefinitionFiles, build, from_source, read_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "stay", STAY)
    write(tmp_path, "package", PACKAGE)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    """Write a file so that its time of change differs, as an editor's save would."""
    file = folder / f"{name}.yaml"
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text)
    os.utime(file, ns=(before + 10**9, before + 10**9))


def test_files_become_workflows_that_hold_what_they_call(folder: Path) -> None:
    workflows = build(read_folder(folder), CAPABILITIES)
    assert list(workflows) == ["package", "stay"]
    assert workflows["package"].calls["stay"] is workflows["stay"]


def test_every_problem_of_every_file_is_told(folder: Path) -> None:
    write(folder, "stay", STAY.replace("rooms.search", "rooms.serch"))
    write(folder, "package", PACKAGE.replace("to: done", "to: gone"))
    with pytest.raises(DefinitionInvalid) as refusal:
        build(read_folder(folder), CAPABILITIES)
    texts = "\n".join(refusal.value.problems)
    assert "There is no lookup 'rooms.serch'" in texts
    assert "There is no step 'gone'" in texts


def test_an_unreadable_file_is_refused(folder: Path) -> None:
    write(folder, "stay", "id: [")
    with pytest.raises(DefinitionInvalid, match=r"stay\.yaml:1: This is not YAML"):
        read_folder(folder)


def test_what_a_version_stored_makes_the_same_workflow_again(folder: Path) -> None:
    built = build(read_folder(folder), CAPABILITIES)
    again = from_source({workflow.id: workflow.source for workflow in built.values()})
    assert again == built
    assert again["package"].hash == built["package"].hash


def test_a_stored_version_without_its_callee_is_refused() -> None:
    source = {"id": "a", "title": "A", "start": "b", "steps": {"b": {"call": "gone", "tail": True}}}
    with pytest.raises(DefinitionInvalid, match="gone"):
        from_source({"a": source})


class TestFollowingFiles:
    def test_a_change_is_seen(self, folder: Path) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        assert files.current()["stay"].title == "Book a room"
        write(folder, "stay", STAY.replace("title: Book a room", "title: Stay with us"))
        assert files.current()["stay"].title == "Stay with us"

    def test_without_a_change_nothing_is_read_again(self, folder: Path) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        assert files.current() is files.current()

    def test_a_bad_file_never_replaces_a_good_one(
        self, folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        good = files.current()["stay"]
        write(folder, "stay", STAY.replace("{to: choice}", "{to: nowhere}"))
        with caplog.at_level(logging.WARNING, "trex.definitions"):
            assert files.current()["stay"] == good
        assert "There is no step 'nowhere'" in caplog.text
        assert any("nowhere" in problem for problem in files.problems)

    def test_an_unreadable_file_never_replaces_a_good_one(self, folder: Path) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        good = files.current()["stay"]
        write(folder, "stay", "id: [")
        assert files.current()["stay"] == good
        assert len(files.problems) == 1

    def test_a_bad_file_does_not_hold_back_a_good_one(self, folder: Path) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        files.current()
        write(folder, "stay", "id: [")
        write(folder, "package", PACKAGE.replace("A stay and a tour", "Two in one"))
        assert files.current()["package"].title == "Two in one"

    def test_the_problem_is_gone_once_the_file_is_mended(self, folder: Path) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        files.current()
        write(folder, "stay", "id: [")
        files.current()
        write(folder, "stay", STAY)
        files.current()
        assert files.problems == ()

    def test_a_removed_file_is_a_removed_workflow(self, folder: Path) -> None:
        files = DefinitionFiles([folder], CAPABILITIES)
        files.current()
        (folder / "package.yaml").unlink()
        assert list(files.current()) == ["stay"]

    def test_a_bad_file_at_the_start_is_left_out(self, folder: Path) -> None:
        write(folder, "stay", "id: [")
        write(folder, "tour", PACKAGE.replace("id: package", "id: tour").replace(
            '    call: stay\n    input: {guest: "\'me\'"}',
            "    component: Room\n    title: Room\n    fields: {}",
        ))  # fmt: skip
        files = DefinitionFiles([folder], CAPABILITIES)
        assert list(files.current()) == ["tour"]
        assert len(files.problems) == 2

    def test_a_bad_file_at_the_start_does_not_replace_a_shipped_one(
        self, folder: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        own = tmp_path_factory.mktemp("own")
        write(own, "stay", STAY.replace("{to: choice}", "{to: nowhere}"))
        files = DefinitionFiles([folder, own], CAPABILITIES)
        assert list(files.current()) == ["package", "stay"]
        assert {problem.partition(":")[0] for problem in files.problems} == {f"{own}/stay.yaml"}

    def test_an_editors_link_to_nowhere_is_told_and_is_in_nobodys_way(self, folder: Path) -> None:
        (folder / ".#stay.yaml").symlink_to("somebody@somewhere")
        files = DefinitionFiles([folder], CAPABILITIES)
        assert list(files.current()) == ["package", "stay"]
        assert "cannot be read" in files.problems[0]
        assert files.current() is files.current()

    def test_nothing_usable_at_all_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DefinitionInvalid):
            DefinitionFiles([tmp_path], CAPABILITIES).current()
