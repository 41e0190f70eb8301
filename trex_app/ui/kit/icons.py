"""A small set of line icons, drawn on a 24 by 24 grid with strokes of the text's own colour."""

# ruff: noqa: E501 - a drawing is one line

from typing import Any

import reflex as rx

from trex_app.ui.kit.variants import Text, is_missing, look, with_classes

STROKE = {
    "fill": "none",
    "stroke": "currentColor",
    "strokeWidth": 2,
    "strokeLinecap": "round",
    "strokeLinejoin": "round",
}
SIZES = {"sm": "size-4", "md": "size-5", "lg": "size-6", "xl": "size-8"}

PATHS = {
    "alert": "M12 8.5v4.5M12 16.4v.1M10.3 4.2 2.9 17a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0Z",
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-end": "M5 12h14M13 6l6 6-6 6",
    "arrow-start": "M19 12H5M11 6l-6 6 6 6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "bell": "M6 9.5a6 6 0 0 1 12 0c0 5.5 2 7 2 7H4s2-1.5 2-7M10 20a2.2 2.2 0 0 0 4 0",
    "briefcase": "M9 7V5.5A1.5 1.5 0 0 1 10.5 4h3A1.5 1.5 0 0 1 15 5.5V7M4 7h16v12H4ZM4 12.5h16M12 11.5v2",
    "calendar": "M7 3v3M17 3v3M4 9.5h16M6 5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z",
    "camera": "M9 5 7.5 7.5H5a2 2 0 0 0-2 2V17a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V9.5a2 2 0 0 0-2-2h-2.5L15 5ZM12 16.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "chevron-down": "m6 9.5 6 6 6-6",
    "chevron-end": "m9.5 6 6 6-6 6",
    "chevron-start": "m14.5 6-6 6 6 6",
    "chevron-up": "m6 14.5 6-6 6 6",
    "circle-check": "m8 12.3 2.8 2.8L16 9.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
    "circle-x": "m9 9 6 6M15 9l-6 6M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
    "clock": "M12 7v5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
    "columns": "M4 5h4.5v14H4ZM10 5h4.5v14H10ZM16.5 5H20v14h-3.5",
    "copy": "M9 9V6a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-3M6 9h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z",
    "download": "M12 4v11M7 10.5l5 5 5-5M5 20h14",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
    "external": "M14 4h6v6M20 4l-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4",
    "file": "M14 3v5h5M7 3h7l5 5v11a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z",
    "filter": "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "fuel": "M5 20V6a2 2 0 0 1 2-2h5a2 2 0 0 1 2 2v14M4 20h11M5 11h9M14 9h2a2 2 0 0 1 2 2v4.5a1.5 1.5 0 0 0 3 0V9l-3-3",
    "gauge": "M12 14l4-4.5M5.6 18.5a9 9 0 1 1 12.8 0",
    "globe": "M3 12h18M12 3c2.5 2.5 3.8 5.6 3.8 9s-1.3 6.5-3.8 9c-2.5-2.5-3.8-5.6-3.8-9S9.5 5.5 12 3ZM12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
    "grip": "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
    "heart": "M12 20s-8-4.8-8-10.6A4.6 4.6 0 0 1 12 6.3a4.6 4.6 0 0 1 8 3.1C20 15.2 12 20 12 20Z",
    "home": "m4 11 8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6",
    "info": "M12 11.5v5M12 7.7v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
    "key": "M11.5 12.5 20 4M16 8l3 3M8 20a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z",
    "link": "M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.6l-1.2 1.2M14 10a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.4l1.2-1.2",
    "lock": "M8 10.5V8a4 4 0 0 1 8 0v2.5M6 10.5h12V20H6Z",
    "mail": "m4 7.5 8 6 8-6M5 5h14a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 5 5Z",
    "map-pin": "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M5 12h14",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
    "more": "M6 12v.1M12 12v.1M18 12v.1",
    "pencil": "m5 19 1-4.2L16.3 4.5a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L9.2 18ZM14 7l3 3",
    "phone": "M5 4.5h3.5l1.7 4.3-2.2 1.6a12.5 12.5 0 0 0 5.6 5.6l1.6-2.2 4.3 1.7V19a1.5 1.5 0 0 1-1.7 1.5C10.6 19.6 4.4 13.4 3.5 6.2A1.5 1.5 0 0 1 5 4.5Z",
    "plus": "M12 5v14M5 12h14",
    "refresh": "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.3M20 4v5.3h-5.3",
    "road": "M8 4 4.5 20M16 4l3.5 16M12 5v2.5M12 11v2.5M12 17v2.5",
    "search": "m20 20-4.6-4.6M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z",
    "shield": "m9 12 2.2 2.2L15.2 10M12 3l7.5 2.8v5.7c0 4.5-3 7.7-7.5 9.5-4.5-1.8-7.5-5-7.5-9.5V5.8Z",
    "sort": "M8 5v14M4.5 15.5 8 19l3.5-3.5M16 19V5M12.5 8.5 16 5l3.5 3.5",
    "sparkle": "M12 3.5c.8 5 2.7 7 8 8.5-5.3 1.5-7.2 3.5-8 8.5-.8-5-2.7-7-8-8.5 5.3-1.5 7.2-3.5 8-8.5Z",
    "sun": "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
    "tag": "M11.5 4H5a1 1 0 0 0-1 1v6.5l8.6 8.6a1.5 1.5 0 0 0 2.1 0l5.4-5.4a1.5 1.5 0 0 0 0-2.1ZM8.2 8.2v.1",
    "trash": "M4.5 7h15M10 11v5.5M14 11v5.5M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12M9 7V4h6v3",
    "upload": "M12 15.5v-11M7 9l5-5 5 5M5 20h14",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
    "users": "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
    "x": "M6 6l12 12M18 6 6 18",
}

# These point along the line of writing and turn round with it.
DIRECTED = {"arrow-end", "arrow-start", "chevron-end", "chevron-start", "external"}


def icon(name: str, *, size: str = "md", label: Text = "", **props: Any) -> rx.Component:
    """An icon. With a `label` it speaks for itself; without one it only decorates a text."""
    voice = {"aria_hidden": "true"} if is_missing(label) else {"role": "img", "aria_label": label}
    turned = "rtl:-scale-x-100" if name in DIRECTED else ""
    return rx.el.svg(
        rx.el.path(d=look(PATHS, name, "icon")),
        view_box="0 0 24 24",
        custom_attrs=STROKE,
        **voice,
        **with_classes(props, "shrink-0", look(SIZES, size, "icon's size"), turned),
    )
