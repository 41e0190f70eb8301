"""From files to workflows: read, check, build; and follow the files while they are edited."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from trex_app.core.errors import DefinitionInvalid
from trex_app.engine.assembly import assemble
from trex_app.engine.checker import CapabilityNames, Problem, check
from trex_app.engine.definition import Json, Workflow
from trex_app.engine.source import RawDefinition, Reading, read_folders

SHIPPED_FOLDER = Path(__file__).parent.parent / "workflows"
"""The journeys that come with the product."""

logger = logging.getLogger("trex.definitions")


def read_folder(*folders: Path) -> dict[str, RawDefinition]:
    """Every definition of the folders by id; a later folder's file replaces an earlier one's.

    Raises DefinitionInvalid for files that are not readable as YAML.
    """
    reading = read_folders(folders)
    if reading.problems:
        raise DefinitionInvalid([str(problem) for problem in reading.problems])
    return dict(reading.raws)


def build(raws: Mapping[str, RawDefinition], capabilities: CapabilityNames) -> dict[str, Workflow]:
    """The checked workflows by id. Raises DefinitionInvalid with every problem found."""
    problems = check(raws, capabilities)
    if problems:
        raise DefinitionInvalid([str(problem) for problem in problems])
    return from_source({workflow_id: raw.source for workflow_id, raw in raws.items()})


def from_source(sources: Mapping[str, Json]) -> dict[str, Workflow]:
    """Workflows from what a version stored: once checked, so not checked again.

    `sources` holds every workflow that is called, too. Raises DefinitionInvalid where the stored
    definition uses something this version does not know.
    """
    return assemble(sources)


class DefinitionFiles:
    """The workflows of some folders, kept up with the files (development).

    A bad file never replaces a good one: the last good definition stays in use, the problem is
    logged once and stands in `problems` until the file is mended.
    """

    def __init__(self, folders: Sequence[Path], capabilities: CapabilityNames) -> None:
        self._folders = tuple(folders)
        self._capabilities = capabilities
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        self._good: dict[str, RawDefinition] = {}
        self._workflows: dict[str, Workflow] = {}
        self.problems: tuple[str, ...] = ()

    def current(self) -> Mapping[str, Workflow]:
        """The workflows by id, read anew when a file has changed.

        Raises DefinitionInvalid only when there has never been anything usable.
        """
        stamp = _stamp(self._folders)
        if stamp != self._stamp or not self._workflows:
            self._stamp = stamp
            self._read()
        return self._workflows

    def _read(self) -> None:
        reading = read_folders(self._folders)
        usable, problems = self._usable(reading)
        self.problems = tuple(str(problem) for problem in problems)
        for problem in self.problems:
            logger.warning("Workflow definition not used: %s", problem)
        if usable:
            self._workflows = build(usable, self._capabilities)
            self._good = usable
        elif not self._workflows:
            raise DefinitionInvalid(self.problems or ["There are no workflow definitions."])

    def _usable(self, reading: Reading) -> tuple[dict[str, RawDefinition], list[Problem]]:
        """The definitions without the bad ones, in whose place the last good ones stand.

        Where there has been none, that is the one that the bad one was to replace.
        """
        usable = {**self._kept(reading.problems), **reading.raws}
        problems = list(reading.problems)
        while found := check(usable, self._capabilities):
            problems += found
            bad_files = {problem.file for problem in found}
            bad = {workflow_id for workflow_id, raw in usable.items() if raw.file in bad_files}
            for workflow_id in bad:
                good = self._good.get(workflow_id) or reading.replaced.get(workflow_id)
                if good is None or good == usable[workflow_id]:
                    del usable[workflow_id]
                else:
                    usable[workflow_id] = good
            if not bad:
                break
        return usable, problems

    def _kept(self, problems: Sequence[Problem]) -> dict[str, RawDefinition]:
        unreadable = {problem.file for problem in problems}
        return {key: raw for key, raw in self._good.items() if raw.file in unreadable}


def _stamp(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file does: its name, time of change and size."""
    found = (file for folder in folders for file in sorted(folder.glob("*.yaml")))
    return tuple((str(file), *_change_of(file)) for file in found)


def _change_of(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:
        return 0, 0  # removed at this very moment, or a link that leads nowhere: reading says so
    return stat.st_mtime_ns, stat.st_size
