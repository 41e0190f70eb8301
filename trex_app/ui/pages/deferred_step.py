"""Steps as files of their own, fetched when they are wanted: a first screen needs only its own."""

from collections.abc import Mapping
from functools import cache

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.utils.imports import ImportDict

from trex_app.ui.kit.feedback import form_skeleton
from trex_app.ui.state.journey import TITLE_ID
from trex_app.ui.state.language import in_language, page_locale, text
from trex_app.ui.state.scene import scene_of
from trex_app.ui.steps.frame import step_title
from trex_app.ui.steps.registry import Draw

# Fetched with the first sign of life, long before it is wanted, and then drawn without a gap. A
# step wanted sooner is drawn when it comes; until then its title stands in, and hands on the focus.
# There are two tries, as a phone loses its network at times.
DEFERRED = f"""
const deferred = (fetchStep) => {{
  let step = null;
  let coming = null;
  const fetched = () => (coming ??= fetchStep().catch(fetchStep).then(
    (found) => {{ step = found; }},
    (error) => {{ coming = null; throw error; }},
  ));
  const fetchAhead = () => void fetched().catch(() => {{}});
  for (const sign of ["pointerdown", "keydown"]) {{
    globalThis.document?.addEventListener(sign, fetchAhead, {{ once: true, capture: true }});
  }}
  return ({{ children }}) => {{
    const [hadFocus, arrive] = useState(null);
    const [failure, fail] = useState(null);
    useEffect(() => {{
      const arrived = () => arrive(document.activeElement?.id === "{TITLE_ID}");
      if (step === null) fetched().then(arrived, fail);
    }}, []);
    useEffect(() => {{
      if (hadFocus) document.getElementById("{TITLE_ID}")?.focus();
    }}, [hadFocus]);
    if (failure) throw failure;
    return step === null ? children : jsx(step, {{}});
  }};
}};
"""


class DeferredStep(Component):
    """One of the steps that its page fetches by itself; a subclass knows where each lies."""

    step: rx.Var[str]

    def add_imports(self) -> ImportDict:
        """What the fetching needs of React."""
        return {"react": ["useEffect", "useState"], "@emotion/react": ["jsx"]}


def deferred_step(component: rx.Var[str], drawn_by: Mapping[str, Draw]) -> rx.Component:
    """The step of a component, drawn from the state; until it is there its title stands in.

    One that has no drawing of its own is drawn by the form, which is always among them.
    """
    view = scene_of().view
    stand_in = rx.el.div(
        step_title(view.title), form_skeleton(text("The step is loading")), class_name="grid gap-7"
    )
    return _fetching(tuple(drawn_by.items()), page_locale()).create(stand_in, step=component)


@cache
def _fetching(drawn_by: tuple[tuple[str, Draw], ...], locale: str) -> type[DeferredStep]:
    """What fetches each step from the module that its file is built into."""
    fetched = ", ".join(_fetched(component, draw, locale) for component, draw in drawn_by)
    choosing = (
        f"const steps = {{ {fetched} }};\n"
        "const DeferredStep = ({ step, children }) =>"
        " jsx(steps[step] ?? steps.Form, {}, children);"
    )

    def add_custom_code(_self: DeferredStep) -> list[str]:
        return [DEFERRED, choosing]

    members = {"tag": "DeferredStep", "add_custom_code": add_custom_code, "__module__": __name__}
    return type("DeferredSteps", (DeferredStep,), members)


@cache
def _fetched(component: str, draw: Draw, locale: str) -> str:
    """An entry of the table of steps: a component's name, and what fetches its drawing."""

    def drawn() -> rx.Component:
        return draw(scene_of())

    # Reflex builds a function into a module that mirrors the one it comes from.
    drawn.__name__ = drawn.__qualname__ = f"{component}Step"
    drawn.__module__ = draw.__module__
    built = rx.memo(in_language(locale, drawn))()
    fetch = f"() => import('{built.library}').then((file) => file.{built.tag})"
    return f"{component}: deferred({fetch})"
