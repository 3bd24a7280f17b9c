"""The fields that each studio gives a meaning of its own, by the names it gave them (S2-31, S3-14 to S3-18)."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from studio_desktop.services.preferences import StudioPreferences
from studio_desktop.ui.widgets.plain_label import PlainLabel

ON_GENERAL = (*(f"custom_text_{number}" for number in range(1, 5)), "custom_date_1", "custom_date_2")
"""Those of the General tab."""

ON_CUSTOM = (
    *(f"custom_text_{number}" for number in range(5, 15)),
    *("custom_date_3", "custom_date_4", "custom_memo_1", "custom_memo_2"),
)
"""Those of the Custom tab."""


def name_custom_fields(form: QWidget, fields: tuple[str, ...], preferences: StudioPreferences) -> None:
    """Put the studio's names on the labels of these fields, for the eye and for a screen reader."""
    for field in fields:
        name = str(getattr(preferences, field))
        label = form.findChild(PlainLabel, f"{field}_label")
        edit = form.findChild(QWidget, f"{field}_edit")
        assert isinstance(label, PlainLabel)
        assert isinstance(edit, QLineEdit | QPlainTextEdit)
        label.setText(name.replace("&", "&&"))
        edit.setAccessibleName(name)
