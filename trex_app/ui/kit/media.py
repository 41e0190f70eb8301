"""Pictures that hold their place, come when they are near, and are never an empty frame."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.variants import Text, look, when_given, with_classes

RATIOS = {
    "wide": "aspect-video",
    "photo": "aspect-[4/3]",
    "square": "aspect-square",
}


def picture(
    src: Text,
    alt: Text,
    *,
    ratio: str = "wide",
    preview: Text = "",
    art: rx.Component | None = None,
    is_urgent: bool = False,
    **props: Any,
) -> rx.Component:
    """A picture over a small blurred `preview` (a data URL), or over `art` where it has no source.

    It is fetched when it comes near, an urgent one at once.
    """
    loading: dict[str, Any] = {"loading": "eager" if is_urgent else "lazy", "decoding": "async"}
    if is_urgent:
        loading["custom_attrs"] = {"fetchPriority": "high"}
    blurred = rx.el.img(
        src=preview, alt="", class_name="absolute inset-0 size-full scale-110 object-cover blur-xl"
    )
    sharp = rx.el.img(
        src=src, alt=alt, **loading, class_name="absolute inset-0 size-full object-cover"
    )
    drawn = rx.el.div(art, class_name="absolute inset-0 grid place-items-center") if art else ""
    return rx.el.div(
        drawn,
        when_given(preview, blurred),
        when_given(src, sharp),
        **with_classes(
            props,
            "relative overflow-hidden bg-linear-to-b from-sunken to-canvas text-ink-soft",
            look(RATIOS, ratio, "picture's ratio"),
        ),
    )
