"""The shared UI kit: parts drawn with the tokens of assets/theme.css, which know no journey.

Each module holds one family: buttons, fields, choices, numbers, pickers, surfaces, disclosure,
overlays, feedback, notices, navigation, tables, layout, media, vehicles, icons. Texts and values
may be plain or Vars.
"""
