"""Browsers load Preact where the pages say React; whatever cannot be replaced fails the build."""

import json
import os
import subprocess
import sysconfig
from typing import Any

import pytest
from reflex_base.compiler.templates import vite_config_template

from trex_app.embed.preact import (
    SOURCES,
    VERSION,
    BundlerConfigurationChanged,
    PreactPlugin,
    browser_modules,
    with_plugin,
)

CONFIGURATION = vite_config_template(
    base="/", hmr=True, force_full_reload=False, experimental_hmr=False, sourcemap=False
)
ROOT = "useEffect(() => {\n  window.__reflex = {\n  };\n}, []);\nreturn 1;"

# Tells what the plugin answers; `this.error` throws, as the bundler's does.
ASK = f"""
import smaller from "{(SOURCES / "vite-plugin.js").as_uri()}";
const plugin = smaller();
const context = {{ error: (message) => {{ throw new Error(message); }} }};
const ask = (question) => {{
  try {{ return question(); }} catch (error) {{ return `refused: ${{error.message}}`; }}
}};
const resolved = (source) => plugin.resolveId.call(context, source);
const transformed = (code, id) => plugin.transform.handler.call(context, code, id);
const ended = () => plugin.buildEnd.call(context);
const all = () => ["react", "react-dom", "react-dom/client", "@emotion/react", "./_document",
  "./polling-xhr.node.js", "./transports/polling-xhr.js", "./transports/polling-xhr.node.js",
  "./webtransport.js", "universal-cookie"].forEach(resolved);
"""


def asked(question: str) -> Any:
    """What the plugin says to a question in JavaScript."""
    path = sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]
    script = f"{ASK}console.log(JSON.stringify(ask(() => {{ {question} }})) ?? 'null');"
    result = subprocess.run(
        ["node", "--input-type=module", "--eval", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


def test_the_bundler_takes_the_plugin_last() -> None:
    changed = with_plugin(CONFIGURATION)
    assert changed.index("safariCacheBustPlugin(),") < changed.index("smallerInBrowsers(),")
    assert 'from "./browser/vite-plugin.js"' in changed


def test_another_configuration_is_noticed() -> None:
    with pytest.raises(BundlerConfigurationChanged, match="safariCacheBustPlugin"):
        with_plugin(CONFIGURATION.replace("safariCacheBustPlugin", "other"))


def test_the_package_has_one_exact_version() -> None:
    assert PreactPlugin().get_frontend_dependencies() == [f"preact@{VERSION}"]


def test_every_module_lies_where_the_plugin_looks_for_it() -> None:
    laid = {path for path, _ in browser_modules()}
    assert "browser/vite-plugin.js" in laid
    for source in ("react", "react-dom/client", "@emotion/react", "./_document"):
        assert asked(f"return resolved('{source}').split('/').slice(-2).join('/')") in laid


def test_other_modules_are_left_alone() -> None:
    assert asked("return resolved('react-router')") is None


def test_a_build_that_asks_for_all_of_them_goes_through() -> None:
    assert asked("all(); ended(); return 'built'") == "built"


def test_a_module_that_nothing_imports_any_more_fails_the_build() -> None:
    assert "react-dom/client" in asked("resolved('react'); ended()")


def test_styles_by_props_fail_the_build() -> None:
    refusal = asked("transformed('jsx(\"div\",{css:({})})', '/a/step.jsx')")
    assert refusal.startswith("refused: /a/step.jsx")


def test_the_modules_are_not_kept_for_components_sent_as_code() -> None:
    kept = asked(f"return transformed({json.dumps(ROOT)}, '/web/app/root.jsx').code.trim()")
    assert kept == "return 1;"
    assert asked("transformed('return 1;', '/web/app/root.jsx')").startswith("refused")
