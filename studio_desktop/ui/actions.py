"""Everything a person can do, one row each; ribbon, menus, shortcuts, key tips and the command palette read this table.

A new action is a row in `ACTIONS`, its place in `resources/ribbon.toml`, and a handler: bound once by the window where
it can be done from everywhere, or among those that a page brings along when it comes to the front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.permissions import Permission
from studio_desktop.ui.icons import icon


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do.

    `keys` are shortcuts in Qt's portable spelling, `standard` adds the platform's own. `key_tip` are the letters after
    Alt on the ribbon, fixed for ever. `short` is the text on the ribbon where `text`, which stands in the palette, is
    too long for it. The keys of a `reserved` action are kept free for the part that will bring it. `also` are further
    words by which it is found.
    """

    id: str
    text: str
    icon: str = ""
    tip: str = ""
    keys: tuple[str, ...] = ()
    standard: QKeySequence.StandardKey | None = None
    key_tip: str = ""
    short: str = ""
    permission: Permission | None = None
    checkable: bool = False
    reserved: bool = False
    also: str = ""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of an action's drop-down; a `why_not` greys it and says why."""

    text: str
    run: Callable[[], object]
    icon: str = ""
    colour: str = "text"
    why_not: str = ""


def tr(text: str) -> str:
    """The text in the language of the window; also marks it for lupdate."""
    return QCoreApplication.translate("Action", text)


_Std = QKeySequence.StandardKey

ACTIONS: tuple[Action, ...] = (
    # The caller and the places
    Action("find", "Find anyone or anything", "search", "Type a name or a number; Enter opens.", ("F12", "Ctrl+K")),
    Action("home", "Home", "home", "The day at a glance.", ("Alt+Home",)),
    Action(
        "clients",
        "Clients",
        "people",
        "The list of all clients.",
        ("Shift+F12",),
        key_tip="LC",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action("invoices", "Invoices", "receipt", keys=("Shift+F7",), reserved=True),
    Action("calendar", "Calendar", "calendar", keys=("Shift+F8",), reserved=True),
    Action("calls", "Calls", "phone", keys=("Shift+F9",), reserved=True),
    Action("back", "Back", "arrow_left", "The page before, or what was parked.", ("Alt+Left",), _Std.Back),
    Action("forward", "Forward", "arrow_right", "The page after.", ("Alt+Right",), _Std.Forward),
    Action("next_page", "Next page", tip="The next open page.", keys=("Ctrl+Tab",), standard=_Std.NextChild),
    Action(
        "previous_page",
        "Previous page",
        tip="The open page before.",
        keys=("Ctrl+Shift+Tab",),
        standard=_Std.PreviousChild,
    ),
    Action(
        "close_page",
        "Close page",
        "dismiss",
        "Close this page; what is typed in it is asked for.",
        ("Ctrl+W",),
        _Std.Close,
        "OC",
        "Close",
    ),
    Action(
        "detach_page",
        "Page into a window of its own",
        "window_new",
        "Tear this page off.",
        key_tip="OW",
        short="Own window",
    ),
    Action("next_pane", "Next pane", tip="Put the cursor into the next part of the window.", keys=("F6",)),
    Action(
        "previous_pane", "Previous pane", tip="Put the cursor into the part of the window before.", keys=("Shift+F6",)
    ),
    # What is done for a client
    Action(
        "new_client",
        "New client",
        "person_add",
        "A new client with family, phones and birthdays in one sheet.",
        ("Ctrl+N",),
        key_tip="N",
        permission=Permission.ADD_CLIENTS,
    ),
    Action("till", "Invoice, deposit or payment", "receipt", keys=("F7", "Ctrl+Shift+I"), reserved=True),
    Action("book_session", "Book a session", "camera", keys=("F8", "Ctrl+Shift+B"), reserved=True),
    Action("log_call", "Log a call, plan the next", "phone", keys=("F9", "Ctrl+Shift+C"), reserved=True),
    Action("new_task", "New task", "clipboard_task", keys=("Ctrl+Shift+T",), reserved=True),
    Action(
        "change_status",
        "Change status",
        "person_available",
        "The status of this client, or of all that are ticked.",
        ("Ctrl+J",),
        key_tip="T",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "change_many",
        "Change a field of many clients",
        "edit",
        "One field of all that are ticked, with a look at what it does before.",
        key_tip="HZ",
        short="Change many",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "change_client",
        "Change the client of this sheet",
        "person_swap",
        "Move all that is typed to another client.",
        ("Alt+C",),
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "dial",
        "Dial",
        "phone",
        "Call the main phone of the client in hand.",
        ("Ctrl+Shift+D",),
        key_tip="K",
        short="Call",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "dial_other",
        "Call another number",
        "phone",
        "The client's other phone numbers; by this name alone, the second one.",
        key_tip="HO",
        short="Other number",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "email",
        "Write an e-mail",
        "mail",
        "A new e-mail to the client in hand.",
        key_tip="M",
        short="E-mail",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "client_label",
        "Mailing label of this client",
        "tag",
        "One label with the address in force today.",
        key_tip="HL",
        short="Mailing label",
        permission=Permission.EXPORT,
    ),
    Action(
        "open_website",
        "Website of this client",
        "open",
        "The client's own website, in the browser.",
        key_tip="HS",
        short="Website",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "open_facebook",
        "Facebook page of this client",
        "people_community",
        "The client's page on Facebook, in the browser.",
        key_tip="HB",
        short="Facebook",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "open_linkedin",
        "LinkedIn page of this client",
        "contact_card",
        "The client's page on LinkedIn, in the browser.",
        key_tip="HK",
        short="LinkedIn",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "open_twitter",
        "X (Twitter) page of this client",
        "chat",
        "The client's page on X, once Twitter, in the browser.",
        key_tip="HX",
        short="X (Twitter)",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "open_map",
        "Address of this client on the map",
        "location",
        "The address in force today, on a map in the browser.",
        key_tip="HM",
        short="Map",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "find_duplicates",
        "Find duplicates in the studio",
        "people_sync",
        "Clients that are probably the same person, with the reasons, best first.",
        key_tip="IP",
        short="Duplicates",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "to_client",
        "Make a client",
        "person_available",
        "Turn the prospect or lead into a client; all that is known stays.",
        key_tip="IC",
        permission=Permission.CHANGE_CLIENTS,
        also="customer",
    ),
    Action(
        "to_prospect",
        "Make a prospect",
        "person_arrow_right",
        "Maybe later: keep it as a prospect, all that is known stays.",
        key_tip="IU",
        permission=Permission.CHANGE_CLIENTS,
        also="prospective client lead",
    ),
    Action(
        "to_lead",
        "Make a lead",
        "person_swap",
        "Somebody is to follow up: make a lead of it, all that is known stays.",
        key_tip="IL",
        permission=Permission.CHANGE_CLIENTS,
        also="inquiry enquiry",
    ),
    Action(
        "leads_board",
        "Pipeline board",
        "board",
        "The leads of a pipeline, stage beside stage, what is due first on top.",
        key_tip="IB",
        short="Board",
        permission=Permission.VIEW_CLIENTS,
        also="leads inquiries inquiry enquiries enquiry pipelines stages",
    ),
    Action(
        "next_stage",
        "Lead one stage on",
        "arrow_circle_right",
        "Move the lead to its next stage, which plans what is to be done there.",
        ("Ctrl+Shift+J",),
        key_tip="IN",
        short="Next stage",
        permission=Permission.CHANGE_CLIENTS,
        also="inquiry enquiry pipeline",
    ),
    Action(
        "lead_stage",
        "Move the lead to a stage",
        "text_bullet_list_square",
        "Any stage of a pipeline, for all that are ticked; lost with its reason.",
        key_tip="IS",
        short="Lead stage",
        permission=Permission.CHANGE_CLIENTS,
        also="inquiry enquiry pipeline",
    ),
    Action(
        "into_pipeline",
        "Put into a pipeline",
        "add_circle",
        "Somebody is to follow up: a prospect becomes a lead by it.",
        key_tip="IT",
        short="Into a pipeline",
        permission=Permission.CHANGE_CLIENTS,
        also="lead inquiry enquiry",
    ),
    Action(
        "assign_lead",
        "Who is responsible for the lead",
        "person_arrow_right",
        "Hand the leads that are ticked to somebody.",
        key_tip="IR",
        short="Responsible",
        permission=Permission.CHANGE_CLIENTS,
        also="assign inquiry enquiry pipeline",
    ),
    Action(
        "trash",
        "Trash",
        "delete",
        "Deleted clients of the last thirty days, to bring back or to erase.",
        key_tip="IA",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "link_client",
        "Link a relative of this client",
        "link",
        "Another client who is spouse, child or parent, with a word for each side.",
        key_tip="IK",
        short="Link relative",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "merge_clients",
        "Merge two clients",
        "merge",
        "Make one record of two that are the same person, field by field; Undo takes it back.",
        key_tip="IJ",
        short="Merge",
        permission=Permission.MERGE,
    ),
    Action(
        "groups",
        "Groups of this client",
        "people_community",
        "Which groups the client belongs to.",
        key_tip="G",
        short="Groups",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "archive",
        "Archive",
        "archive",
        "Keep the record, but out of the lists; it can come back.",
        key_tip="A",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "hide",
        "Hide",
        "eye_off",
        "Leave the client out of the list until hidden ones are shown.",
        key_tip="HC",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "history",
        "History",
        "history",
        "Who changed what, when and where.",
        key_tip="Y",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "revert", "Back to what is saved", "arrow_clockwise", "Forget what is typed here.", short="Revert", key_tip="U"
    ),
    Action(
        "edit_header",
        "Edit name, address and phones",
        "edit",
        "Edit the header in place; on the page F2.",
        key_tip="HF",
        short="Header",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "photo",
        "Photo of this client",
        "camera",
        "Choose a photo, paste one, crop or remove it.",
        key_tip="HP",
        short="Photo",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action(
        "new_note",
        "New note",
        "note_add",
        "Write something down about this client.",
        key_tip="HN",
        short="Note",
        permission=Permission.CHANGE_CLIENTS,
    ),
    # Records and sheets
    Action("save", "Save", "save", "Save and stay.", ("Ctrl+S",), key_tip="S"),
    Action(
        "finish",
        "Save and close",
        "save_multiple",
        "Save what is typed and close it.",
        ("Ctrl+Return", "Ctrl+Enter"),
        key_tip="L",
    ),
    Action(
        "finish_and_new",
        "Save and new",
        "document_add",
        "Save what is typed and begin the next.",
        ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        key_tip="W",
    ),
    Action(
        "delete",
        "Delete",
        "delete",
        "Delete what is selected; Undo brings it back.",
        key_tip="D",
    ),
    Action(
        "previous_record",
        "Previous record",
        "chevron_left",
        "The one before in the list it was opened from.",
        ("Ctrl+PgUp",),
    ),
    Action(
        "next_record",
        "Next record",
        "chevron_right",
        "The one after in the list it was opened from.",
        ("Ctrl+PgDown",),
    ),
    *(
        Action(
            f"detail_tab_{number}",
            f"Detail tab {number}",
            tip="This tab in the lower half of the record.",
            keys=(f"Ctrl+{number}" if number < 10 else f"Alt+{number - 9}",),
        )
        for number in range(1, 19)
    ),
    # Lists
    Action("open", "Open", "contact_card", "Open what is selected.", ("Ctrl+O",), key_tip="O"),
    Action("filter", "Filter", "filter_add", "Leave only the rows you look for.", ("Ctrl+F",), key_tip="F"),
    *(
        Action(f"list_{name}", text, icon, tip, key_tip=key_tip, short=short, checkable=True,
               permission=Permission.VIEW_CLIENTS,
               also={"clients": "customers contacts", "prospects": "prospective clients leads",
                     "leads": "inquiries inquiry enquiries enquiry"}.get(name, ""))
        for name, text, short, icon, tip, key_tip in (
            ("all", "List everybody", "All", "people", "Clients, prospects and leads of every stage; Ctrl+1.", "JA"),
            ("clients", "List the clients", "Clients", "people", "Active clients; Ctrl+2.", "JC"),
            ("prospects", "List the prospects", "Prospects", "people", "Active prospects; Ctrl+3.", "JP"),
            ("leads", "List the leads", "Leads", "people", "Active leads; Ctrl+4.", "JL"),
            ("hidden", "List the hidden ones", "Hidden only", "eye_off", "Nobody but who is hidden; Ctrl+5.", "JH"),
            ("archived", "List the archived ones", "Archived only", "archive",
             "Nobody but who is archived; Ctrl+6.", "JR"),
        )
    ),
    Action(
        "filter_row",
        "Filter row under the header",
        "filter_add",
        "A field under each column: part of a text, > 5, 10 mar..20 mar, this month, empty.",
        key_tip="HQ",
        short="Filter row",
        checkable=True,
    ),
    Action(
        "columns",
        "Columns of the list",
        "column_triple_edit",
        "Which columns are shown, in which order, how wide.",
        key_tip="HG",
        short="Columns",
    ),
    Action(
        "group_by",
        "Group the list by a column",
        "group_list",
        "Rows with the same value under one heading that says how many they are.",
        key_tip="HJ",
        short="Group by",
    ),
    Action(
        "totals",
        "Totals of the list",
        "data_bar_vertical",
        "A last line with the number of rows and the sums.",
        key_tip="HT",
        short="Totals",
        checkable=True,
    ),
    Action(
        "layouts",
        "Layouts of the list",
        "board",
        "Columns, order, groups and totals under a name: your own, or shared with everybody.",
        key_tip="HU",
        short="Layouts",
    ),
    Action(
        "saved_filters",
        "Saved filters",
        "bookmark",
        "Filters under a name: your own, or shared with everybody.",
        key_tip="HV",
    ),
    Action(
        "new_filter",
        "New saved filter with “and” and “or”",
        "filter_add",
        "Conditions on every field of clients, kept under a name.",
        permission=Permission.VIEW_CLIENTS,
    ),
    Action(
        "who_is_this",
        "Who is this",
        "panel_right",
        "The card of the selected client beside the list.",
        key_tip="HW",
        checkable=True,
    ),
    Action(
        "show_hidden",
        "Show hidden clients",
        "eye_off",
        "List hidden clients too.",
        key_tip="HH",
        short="Hidden",
        checkable=True,
    ),
    Action(
        "show_archived",
        "Show archived clients",
        "archive",
        "List archived clients too.",
        key_tip="HA",
        short="Archived",
        checkable=True,
    ),
    Action("new_row", "New", "add_circle", "A new row in this list.", key_tip="Q"),
    Action("move_up", "Move up", "arrow_up", "Move the row up; in the list Alt+Up.", key_tip="U"),
    Action(
        "move_down",
        "Move down",
        "arrow_down",
        "Move the row down; in the list Alt+Down.",
        key_tip="J",
    ),
    Action(
        "hide_inactive",
        "Hide inactive",
        "eye_off",
        "Leave inactive rows out of this list.",
        key_tip="HI",
        checkable=True,
    ),
    Action(
        "recalculate",
        "Recalculate due dates",
        "calendar_sync",
        "Count the due dates of the clients at this status anew; those that were typed stay.",
        key_tip="HD",
        short="Recalculate due dates",
        permission=Permission.CHANGE_CLIENTS,
    ),
    Action("refresh", "Refresh", "arrow_clockwise", "Read this page again.", ("F5",), _Std.Refresh, "HR"),
    # Editing
    Action("undo", "Undo", "arrow_undo", "In a field its text, else the last action.", ("Ctrl+Z",), _Std.Undo),
    Action("redo", "Redo", "arrow_redo", "Do again what was undone.", ("Ctrl+Y",), _Std.Redo),
    Action(
        "undo_last",
        "Undo the last action",
        "arrow_undo",
        "Takes back the last saved action, even out of a field.",
        ("Ctrl+Shift+Backspace",),
        permission=Permission.UNDO,
    ),
    Action("cut", "Cut", "cut", "Cut the selected text.", ("Ctrl+X",), _Std.Cut, "X"),
    Action("copy", "Copy", "copy", "Copy the selected text or rows.", ("Ctrl+C",), _Std.Copy, "C"),
    Action("paste", "Paste", "clipboard_paste", "Insert what was copied.", ("Ctrl+V",), _Std.Paste, "V"),
    # Paper and files
    Action(
        "labels",
        "Mailing labels",
        "table",
        "Labels for the ticked clients, a group, a status or the client in hand.",
        ("Ctrl+L",),
        key_tip="B",
        short="Labels",
        permission=Permission.EXPORT,
    ),
    Action(
        "report",
        "Report",
        "data_bar_vertical_ascending",
        "Reports as PDF and Excel.",
        key_tip="R",
        permission=Permission.EXPORT,
    ),
    Action(
        "status_report_pdf",
        "Client status report to PDF",
        "document_pdf",
        "The report of the studio's client statuses, with its options as last time, opened at once.",
        permission=Permission.EXPORT,
    ),
    Action(
        "status_report_excel",
        "Client status report to Excel",
        "table_arrow_up",
        "The same as a workbook.",
        permission=Permission.EXPORT,
    ),
    Action(
        "print",
        "Preview and print",
        "print",
        "A print-out of what is shown.",
        ("Ctrl+P",),
        key_tip="P",
        short="Print",
        permission=Permission.EXPORT,
    ),
    Action(
        "pdf",
        "PDF of what is shown",
        "document_pdf",
        "The list as a PDF in the reports folder, opened at once.",
        key_tip="F",
        short="PDF",
        permission=Permission.EXPORT,
    ),
    Action(
        "excel",
        "Excel of what is shown",
        "table_arrow_up",
        "The list as a workbook in the reports folder, opened at once.",
        ("Ctrl+Shift+X",),
        key_tip="E",
        short="Excel",
        permission=Permission.EXPORT,
    ),
    Action(
        "csv",
        "CSV of what is shown",
        "arrow_export",
        "The list as a text file that every program reads.",
        key_tip="CV",
        short="CSV",
        permission=Permission.EXPORT,
    ),
    Action(
        "vcard",
        "vCards of what is shown",
        "contact_card",
        "The clients whole, for phones and mail programs, or for another studio's import.",
        key_tip="VC",
        short="vCard",
        permission=Permission.EXPORT,
    ),
    Action(
        "whole",
        "Clients whole",
        "table",
        "The ticked clients, else all that are shown, with everything known of them; our own import loses nothing.",
        key_tip="CW",
        short="Whole",
        permission=Permission.EXPORT,
    ),
    Action(
        "export_person",
        "All data of the client",
        "arrow_export",
        "Everything that is kept about this person, as one file to hand over: data, profile and photo.",
        key_tip="J",
        short="All data",
        permission=Permission.EXPORT,
    ),
    Action(
        "import_clients",
        "Import clients",
        "arrow_import",
        "Clients from a spreadsheet; every row is checked first.",
        key_tip="IM",
        short="Import",
        permission=Permission.IMPORT,
    ),
    # Maintenance
    Action(
        "client_statuses",
        "Client statuses",
        "person_available",
        "The steps a client passes through, their reasons and durations.",
        key_tip="ST",
        short="Statuses",
        permission=Permission.VIEW_MAINTENANCE,
    ),
    Action(
        "maintained_lists",
        "Maintained lists",
        "list",
        "Every list the studio keeps itself: groups, lead sources, relationships and more.",
        key_tip="ML",
        short="Lists",
        permission=Permission.VIEW_MAINTENANCE,
    ),
    Action(
        "preferences",
        "Preferences of the studio",
        "settings",
        "What holds for every desk.",
        key_tip="PR",
        short="Preferences",
        permission=Permission.PREFERENCES,
    ),
    Action(
        "users",
        "Users",
        "people_edit",
        "Who works here and what each may do; for who does not manage users, the own PIN.",
        key_tip="US",
        permission=Permission.SIGN_IN,
        also="pin password people roles permissions staff",
    ),
    Action(
        "back_up",
        "Back up now",
        "shield_checkmark",
        "A verified copy of everything.",
        key_tip="BU",
        permission=Permission.BACKUP,
    ),
    Action(
        "backups",
        "Backups",
        "database",
        "Which there are; make, verify, look at, restore and delete them.",
        key_tip="BA",
        permission=Permission.BACKUP,
    ),
    # The window
    Action("hide_money", "Hide money", "eye_off", keys=("Ctrl+Shift+H",), reserved=True),
    Action(
        "change_user",
        "Lock, change user",
        "person_swap",
        "Nothing stays on the screen; you come back to it, or somebody else sits down.",
        ("Ctrl+Shift+L",),
        key_tip="LU",
    ),
    Action(
        "palette", "Every action by name", "keyboard", "Find an action and run it.", ("Ctrl+Shift+P",), key_tip="AP"
    ),
    Action("key_tips", "Key tips", tip="Letters for everything on the ribbon; also Alt alone.", keys=("F10",)),
    Action("fold_ribbon", "Fold the ribbon", "chevron_up", "Show its tabs only.", ("Ctrl+F1",), checkable=True),
    Action("narrow_navigation", "Narrow navigation", "panel_left_contract", "Icons only at the left.", checkable=True),
    Action("larger_text", "Larger text", "zoom_in", "The next text size.", ("Ctrl++", "Ctrl+="), _Std.ZoomIn, "ZI"),
    Action("smaller_text", "Smaller text", "zoom_out", "The next smaller text size.", ("Ctrl+-",), _Std.ZoomOut, "ZO"),
    Action(
        "normal_text", "Normal text size", "text_font", "Text at 100 %.", ("Ctrl+0",), key_tip="ZN", short="Normal size"
    ),
    Action(
        "full_screen",
        "Full screen",
        "full_screen_maximize",
        "The window without frame.",
        ("F11",),
        _Std.FullScreen,
        "FS",
        checkable=True,
    ),
    Action("appearance", "Light or dark", "weather_moon", "Follow the system, or stay light or dark.", key_tip="LD"),
    Action(
        "settings",
        "Settings of this computer",
        "settings",
        "Folders, look and database of this desk.",
        key_tip="SE",
        short="Settings",
    ),
    Action("help", "Help", "question_circle", "How things are done here.", ("F1",), _Std.HelpContents, "HE"),
    Action("about", "About Studio Desktop", "info", "Version, database and licences.", key_tip="AB", short="About"),
    Action("quit", "Exit", "dismiss", "Close Studio Desktop; what is typed is kept.", key_tip="EX"),
)

FORBIDDEN = frozenset(
    {
        "F4",  # the combo box would no longer open
        "Ctrl+E", "Ctrl+U",  # line edits on X11 keep them
        "Ctrl+Shift+U", "Ctrl+Shift+E", "Ctrl+;",  # IBus
        "Ctrl+Space", "Shift+Space", "Ctrl+Shift+F",  # input methods
        "Ctrl+H", "Ctrl+M", "Ctrl+Q",  # macOS
        "Ctrl+B", "Ctrl+I", "Ctrl+D", "Ctrl+G", "Ctrl+R", "Ctrl+Shift+S", "Ctrl+Shift+N", "Ctrl+Shift+A",
    }
)  # fmt: skip
"""Keys that no action may have, nor Ctrl+Alt with anything (AltGr): they mean something else where people type."""

WIDGET_KEYS = frozenset(
    {
        "Esc", "Return", "Enter", "Space", "Insert", "Del", "F2", "F3", "Shift+F10", "Ctrl+A", "Ctrl+T",
        "Tab", "Shift+Tab", "Alt+Up", "Alt+Down", "Ctrl+Home", "Ctrl+End", "Ctrl+Left", "Ctrl+Right",
        "Backspace", "Shift+Backspace", "Ctrl+Backspace", "Ctrl+Del",
    }
)  # fmt: skip
"""Keys that belong to the field or list with the cursor (FRONT_DESK 4); no action of the program may have them."""

TEXT_KEYS = frozenset({"undo", "redo", "cut", "copy", "paste"})
"""Actions whose keys a field keeps for its own text."""


def key_sequences(table: Iterable[Action] = ACTIONS) -> dict[str, list[QKeySequence]]:
    """The shortcuts of every action by id, those of reserved ones included.

    The platform's own keys for a standard action are added where nothing forbids them and nobody has them yet; Qt
    needs its application made to know them.
    """
    table = tuple(table)
    keys = {action.id: [QKeySequence(key) for key in action.keys] for action in table}
    taken = {key.toString() for sequences in keys.values() for key in sequences} | FORBIDDEN | WIDGET_KEYS
    for action in table:
        if action.standard is None:
            continue
        for key in QKeySequence.keyBindings(action.standard):
            spelled = key.toString()
            if spelled not in taken and not spelled.startswith("Ctrl+Alt+"):
                taken.add(spelled)
                keys[action.id].append(key)
    return keys


class ActionSet(QObject):
    """The actions of one window: a `QAction` for each row somebody can carry out, enabled as rights and page allow.

    What nobody carries out does not exist here, so there is no dead button anywhere (DECISIONS 23).
    """

    bound_changed = Signal()
    """There is an action more; ribbon and palette show it from now on."""
    page_changed = Signal(str)
    """Another kind of page is in front."""

    def __init__(
        self, window: QWidget, allowed: Callable[[Permission], bool], table: Iterable[Action] = ACTIONS
    ) -> None:
        super().__init__(window)
        self._window = window
        self._allowed = allowed
        self._rows = {action.id: action for action in table}
        self._keys = key_sequences(self._rows.values())
        self._actions: dict[str, QAction] = {}
        self._handlers: dict[str, Callable[..., object]] = {}
        self._why_not: dict[str, Callable[[], str]] = {}
        self._menus: dict[str, Callable[[], Iterable[MenuEntry]]] = {}
        self._page = ""
        self._page_handlers: Mapping[str, Callable[..., object]] = {}
        self._page_why_not: Callable[[str], str] | None = None
        self._page_menus: Mapping[str, Callable[[], Iterable[MenuEntry]]] = {}
        self._is_suspended = False

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[str]:
        """The ids of the actions there are, in the order of the table."""
        return (action_id for action_id in self._rows if action_id in self._actions)

    @property
    def page(self) -> str:
        """The kind of page in front; empty before there is one."""
        return self._page

    def row(self, action_id: str) -> Action:
        """The row of the table; KeyError for an unknown id."""
        return self._rows[action_id]

    def bind(
        self,
        action_id: str,
        handler: Callable[..., object],
        *,
        why_not: Callable[[], str] | None = None,
        menu: Callable[[], Iterable[MenuEntry]] | None = None,
    ) -> QAction:
        """Let `handler` do it from everywhere (with the new state as argument if the action is checkable).

        `why_not` is asked at each `refresh`: empty text means it can be done now, else it says why not, and the action
        is grey with that reason in its tip. `menu` gives the lines of its drop-down, asked when it opens. Raises
        ValueError for an action that is bound already or reserved for a later part.
        """
        if action_id in self._handlers:
            raise ValueError(f"{action_id} is bound already")
        self._handlers[action_id] = handler
        if why_not is not None:
            self._why_not[action_id] = why_not
        if menu is not None:
            self._menus[action_id] = menu
        if action_id not in self._actions:
            self._make(action_id)
            self.bound_changed.emit()
        self._update(action_id)
        return self._actions[action_id]

    def menu(self, action_id: str) -> Callable[[], Iterable[MenuEntry]] | None:
        """What gives the lines of the action's drop-down on the page in front; None if it has none."""
        return self._page_menus.get(action_id) or self._menus.get(action_id)

    def why_not(self, action_id: str) -> str:
        """Why the action cannot be done now, in a sentence; empty if it can."""
        return self._reason(self._rows[action_id])

    def set_page(
        self,
        page: str,
        handlers: Mapping[str, Callable[..., object]] | None = None,
        why_not: Callable[[str], str] | None = None,
        menus: Mapping[str, Callable[[], Iterable[MenuEntry]]] | None = None,
    ) -> None:
        """Say which kind of page is in front and what it carries out itself, by the actions' ids.

        A page's handler goes before one that was bound. `why_not` is asked at each `refresh` with the id of an action
        of the page and answers as in `bind`; `menus` are those of the page's actions that have a drop-down.
        """
        self._page_handlers = handlers or {}
        self._page_why_not = why_not
        self._page_menus = menus or {}
        missing = [action_id for action_id in self._page_handlers if action_id not in self._actions]
        for action_id in missing:
            self._make(action_id)
        changed, self._page = page != self._page, page
        self.refresh()
        if missing:
            self.bound_changed.emit()
        if changed:
            self.page_changed.emit(page)

    def suspend(self, suspended: bool) -> None:
        """Let nothing be done, by no key either, until it is said again; leaving the program can always be."""
        self._is_suspended = suspended
        self.refresh()

    def refresh(self) -> None:
        """Ask again what can be done now: after a change of selection, user or state."""
        for action_id in self._actions:
            self._update(action_id)

    def _make(self, action_id: str) -> None:
        row = self._rows[action_id]
        if row.reserved:
            raise ValueError(f"{action_id} is reserved for a later part")
        action = QAction(tr(row.text), self)
        if row.icon:
            action.setIcon(icon(row.icon))
        action.setObjectName(action_id)
        action.setIconText(tr(row.short or row.text))
        action.setStatusTip(tr(row.tip))
        action.setCheckable(row.checkable)
        action.setShortcuts(self._keys[action_id])
        action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        action.setAutoRepeat(False)
        action.triggered.connect(lambda checked: self._carry_out(row, checked))
        self._actions[action_id] = action
        self._window.addAction(action)

    def _carry_out(self, row: Action, checked: bool) -> None:
        handler = self._page_handlers.get(row.id) or self._handlers[row.id]
        if row.checkable:
            handler(checked)
        else:
            handler()

    def _update(self, action_id: str) -> None:
        action, row = self._actions[action_id], self._rows[action_id]
        reason = self._reason(row)
        action.setEnabled(not reason)
        action.setToolTip(_super_tip(row, self._keys[action_id], reason))

    def _reason(self, row: Action) -> str:
        """Why it cannot be done now; empty if it can."""
        if self._is_suspended and row.id != "quit":
            return tr("The desk is locked.")
        if row.permission is not None and not self._allowed(row.permission):
            return tr("You may not {right}. The owner of the studio can change that.").format(right=row.permission)
        if row.id in self._page_handlers:
            return self._page_why_not(row.id) if self._page_why_not is not None else ""
        if row.id not in self._handlers:
            return tr("Not on this page.")
        why_not = self._why_not.get(row.id)
        return why_not() if why_not is not None else ""


def _super_tip(row: Action, keys: list[QKeySequence], reason: str) -> str:
    """Title, keys, text and, where it is grey, why; as rich text, for plain tips are not wrapped."""
    shortcut = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
    title = f"<b>{escape(tr(row.text))}</b>" + (f"&nbsp;&nbsp;{escape(shortcut)}" if shortcut else "")
    lines = [title, escape(tr(row.tip)), escape(reason)]
    return "<qt>" + "<br>".join(line for line in lines if line) + "</qt>"
