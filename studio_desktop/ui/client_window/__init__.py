"""The page of one client: a header that never scrolls, and below it the detail tabs in their fixed order."""

from __future__ import annotations

from studio_desktop.ui.client_window.custom_tab import CustomTab
from studio_desktop.ui.client_window.general_tab import GeneralTab
from studio_desktop.ui.client_window.groups_tab import GroupsTab
from studio_desktop.ui.client_window.lead_tab import LeadTab
from studio_desktop.ui.client_window.marketing_tab import MarketingTab
from studio_desktop.ui.client_window.notes_tab import NotesTab
from studio_desktop.ui.client_window.organization_tab import OrganizationTab
from studio_desktop.ui.client_window.referrals_tab import ReferralsTab
from studio_desktop.ui.client_window.summary_tab import SummaryTab
from studio_desktop.ui.client_window.tab import Tab

TABS: tuple[type[Tab], ...] = (
    GeneralTab,
    CustomTab,
    OrganizationTab,
    GroupsTab,
    MarketingTab,
    SummaryTab,
    ReferralsTab,
    NotesTab,
    LeadTab,
)
"""A tab that not every client has stands last, so that the keys of the others stay."""
