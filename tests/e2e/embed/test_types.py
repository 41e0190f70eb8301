"""A site written in TypeScript: what the examples do compiles, and what would fail does not."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import missing
from trex_app.embed.loader import ASSETS, TYPES
from trex_app.ui.build import find_npm

COMPILER = "typescript@5.9.3"
OPTIONS = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom"]
OPTIONS += ["--module", "nodenext"]
SCRIPTS = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", os.defpath)
SITE = """
import { bootstrap, mount, unmount, update, type TrexProps } from "./v1/trex.js";
import { bus, emit, off, subscribe } from "./v1/bus.js";
import { preload } from "./v1/preload.js";

document.addEventListener("trex:completed", ({ detail }) => {
  const reference: string = detail.data.reference;
  console.log(reference, detail.workflow.length, detail.v === 1);
});
document.addEventListener("trex:before-submit", (event) => {
  if (event.detail.data.step === "contact") event.preventDefault();
});
document.addEventListener("trex:step-changed", ({ detail: { data } }) =>
  console.log(data.progress.done / data.progress.expected, data.isMove),
);
document.addEventListener("trex:version-mismatch", ({ detail: { data } }) =>
  console.log(data.frame, data.loader ?? data.server),
);

const element = document.createElement("trex-workflow");
element.addEventListener("trex:ready", () => element.focus({ preventScroll: true }));
document.body.append(element);
await element.mount();
await element.update({ theme: "dark", locale: null });
element.navigate("vehicle_search");
console.log(element.stats.ignored + 1);
await element.unmount();

const leave = subscribe("order:created", ({ orderId }) => console.log(orderId.length));
const dark = ({ theme }: { theme: "light" | "dark" }) => console.log(theme);
bus.subscribe("theme:changed", dark);
emit("theme:changed", { theme: "dark" });
off("theme:changed", dark);
leave();

const props: TrexProps = {
  name: "buying",
  attributes: { id: "widget", tenant: "demo", workflow: "buying" },
  domElementGetter: () => document.body,
};
await preload({ tenant: "demo", workflow: "buying" });
await bootstrap(props);
await mount(props);
await update({ ...props, attributes: { tenant: "demo", theme: "auto" } });
await unmount({ name: "buying" });
"""
WRONG = {
    "what was answered": """
document.addEventListener("trex:completed", ({ detail }) => detail.data.email);
""",
    "an attribute that does not exist": """
document.createElement("trex-workflow").update({ tenannt: "acme" });
""",
    "a theme that does not exist": """
import { emit } from "./v1/bus.js";
emit("theme:changed", { theme: "pink" });
""",
    "no journey to load ahead": """
import { preload } from "./v1/preload.js";
preload({ tenant: "demo" });
""",
}


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiler, and with the types where the scripts stand."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    install = [find_npm(SCRIPTS), "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    env = {**os.environ, "PATH": SCRIPTS}
    command = [*install, COMPILER]
    if subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True).returncode:
        missing("TypeScript", "npm must reach its registry")
    (folder / "v1").mkdir()
    for name in TYPES:
        shutil.copy(ASSETS / name, folder / "v1" / name)
    return folder


def complaints(folder: Path, source: str) -> str:
    """What the compiler says to a module of a site."""
    (folder / "site.ts").write_text(f'import "./v1/trex.js";\n{source}')
    command = ["node", "node_modules/typescript/lib/tsc.js", *OPTIONS, "site.ts"]
    env = {**os.environ, "PATH": SCRIPTS}
    done = subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True)
    assert (done.returncode == 0) == (done.stdout == "")
    return done.stdout


def test_a_site_may_do_what_the_examples_do(compiler: Path) -> None:
    assert complaints(compiler, SITE) == ""


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_a_site_hears_of_a_mistake_before_its_visitors_do(compiler: Path, source: str) -> None:
    told = complaints(compiler, source)
    assert told.startswith("site.ts(")
