"""Everything that leaves the studio as PDF, Excel or CSV. `REPORTS` lists the reports in the order they are offered."""

from studio_desktop.reports.client_status import ClientList, ClientsByStatus, ClientStatuses
from studio_desktop.reports.lead_sources import LeadSources
from studio_desktop.reports.leads import Leads
from studio_desktop.reports.marketing import Birthdays, DueCalls, Members, OverdueStatuses, Referrals
from studio_desktop.reports.records import CheckDetails, ClientProfile, IncompleteRecords
from studio_desktop.reports.report import Report

REPORTS: tuple[Report, ...] = (
    ClientStatuses(),
    ClientsByStatus(),
    ClientList(),
    LeadSources(),
    Leads(),
    ClientProfile(),
    CheckDetails(),
    Birthdays(),
    DueCalls(),
    Referrals(),
    OverdueStatuses(),
    Members(),
    IncompleteRecords(),
)
