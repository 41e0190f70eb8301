"""`workflows`: check, draw and list the definitions."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import read_settings, scratch_container, with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_table

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.engine.definition import Workflow

workflows = typer.Typer(help="Check, draw, try and publish the journeys.", no_args_is_help=True)

Folders = Annotated[
    list[Path] | None,
    typer.Argument(help="Folders to check with the shipped journeys; else TREX_WORKFLOWS_DIR."),
]
WorkflowId = Annotated[str, typer.Argument(metavar="ID", help="The workflow's id.")]


@workflows.command()
def check(folders: Folders = None) -> None:
    """Check definitions; print each mistake with its file and line. Exit code 1 if there is one."""
    from trex_app.engine.checker import check as problems_of
    from trex_app.engine.source import read_folders

    reading = read_folders(_folders(folders))
    with scratch_container() as container:
        known = container.capabilities.names()
    problems = [*reading.problems, *problems_of(reading.raws, known)]
    for problem in problems:
        typer.echo(_relative(str(problem), problem.file))
    if problems:
        fail(f"{counted(len(problems), 'problem')} in the workflow definitions.")
    typer.echo(f"{counted(len(reading.raws), 'workflow')} checked, no problems.")


@workflows.command()
def graph(workflow_id: WorkflowId) -> None:
    """Print a workflow as a Mermaid flowchart."""
    from trex_app.engine.graph import mermaid

    typer.echo(mermaid(find_workflow(workflow_id)), nl=False)


@workflows.command("list")
def list_workflows(as_json: AsJson = False) -> None:
    """List the workflows, and whether people already get what the files say."""
    rows = with_container(_rows)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("id", "title", "steps", "calls", "published"))


async def _rows(container: "Container") -> list[dict[str, Any]]:
    from trex_app.db import version_store

    published = await container.database.read(version_store.all_published)
    follows = container.settings.is_development
    return [
        {
            "id": workflow.id,
            "title": workflow.title,
            "steps": len(workflow.steps),
            "calls": sorted(workflow.calls),
            "hash": workflow.hash,
            "published_hash": published.get(workflow.id),
            "published": _publication(workflow, published.get(workflow.id), follows_files=follows),
        }
        for workflow in container.files.current().values()
    ]


def _publication(workflow: "Workflow", published: str | None, *, follows_files: bool) -> str:
    if follows_files:
        return "follows the file"
    if published is None:
        return "no"
    return "yes" if published == workflow.hash else "an earlier version"


def find_workflow(workflow_id: str) -> "Workflow":
    """The workflow that the files define. Raises DefinitionInvalid, NotFound."""
    from trex_app.core.errors import NotFound
    from trex_app.engine.loader import build, read_folder

    with scratch_container() as container:
        found = build(read_folder(*_folders(None)), container.capabilities.names())
    if workflow_id not in found:
        raise NotFound(
            "There is no workflow called {name}. There are: {known}.",
            name=workflow_id[:64],
            known=", ".join(sorted(found)),
        )
    return found[workflow_id]


def _folders(given: Sequence[Path] | None) -> tuple[Path, ...]:
    from trex_app.container import definition_folders
    from trex_app.engine.loader import SHIPPED_FOLDER

    return (SHIPPED_FOLDER, *given) if given else definition_folders(read_settings())


def _relative(line: str, file: str) -> str:
    """The line with its file named from here, where it lies below this folder."""
    nearer = os.path.relpath(file)
    return line if nearer.startswith("..") else line.replace(file, nearer, 1)
