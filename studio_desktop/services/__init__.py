"""What the studio does: one deep module per subject, each for one desk on one database."""

from __future__ import annotations

from studio_desktop.database.engine import Database
from studio_desktop.services.backups import Backups
from studio_desktop.services.batch_changes import BatchChanges
from studio_desktop.services.catalogs import Catalogs
from studio_desktop.services.client_reports import ClientReports
from studio_desktop.services.clients import Clients
from studio_desktop.services.consents import Consents
from studio_desktop.services.demo import Demo
from studio_desktop.services.desk import Desk
from studio_desktop.services.duplicates import Duplicates
from studio_desktop.services.family import Family
from studio_desktop.services.groups import Groups
from studio_desktop.services.habits import Habits
from studio_desktop.services.history import History
from studio_desktop.services.images import Images
from studio_desktop.services.imports.service import Imports
from studio_desktop.services.layouts import Layouts
from studio_desktop.services.lead_sources import LeadSources
from studio_desktop.services.leads import Leads
from studio_desktop.services.listings.service import Listings
from studio_desktop.services.mailing import Mailings
from studio_desktop.services.merges import Merges
from studio_desktop.services.notes import Notes
from studio_desktop.services.numbers import Numbers
from studio_desktop.services.personal_data import PersonalData
from studio_desktop.services.pipelines import Pipelines
from studio_desktop.services.preferences import Preferences
from studio_desktop.services.presence import Presence
from studio_desktop.services.service import Saved, new_request
from studio_desktop.services.statuses import Statuses
from studio_desktop.services.trash import Trash
from studio_desktop.services.upkeep import Upkeep
from studio_desktop.services.users import Users
from studio_desktop.services.versions import Versions
from studio_desktop.services.whole_clients import WholeExports

__all__ = ["Desk", "Saved", "Services", "new_request"]


class Services:
    """All services of one desk. Switching the user makes new ones."""

    def __init__(self, database: Database, desk: Desk) -> None:
        """Wire every service to the database and the desk."""
        self.database = database
        self.desk = desk
        self.is_read_only = database.read_only
        self.why_read_only = str(database.why_not_writable() or "")
        self.backups = Backups(database, desk)
        self.batch = BatchChanges(database, desk)
        self.catalogs = Catalogs(database, desk)
        self.client_reports = ClientReports(database, desk)
        self.clients = Clients(database, desk)
        self.consents = Consents(database, desk)
        self.demo = Demo(database, desk)
        self.duplicates = Duplicates(database, desk)
        self.family = Family(database, desk)
        self.groups = Groups(database, desk)
        self.habits = Habits(database, desk)
        self.history = History(database, desk)
        self.images = Images(database, desk)
        self.imports = Imports(database, desk)
        self.layouts = Layouts(database, desk)
        self.lead_sources = LeadSources(database, desk)
        self.leads = Leads(database, desk)
        self.listings = Listings(database, desk)
        self.mailings = Mailings(database, desk)
        self.merges = Merges(database, desk)
        self.notes = Notes(database, desk)
        self.numbers = Numbers(database, desk)
        self.personal_data = PersonalData(database, desk)
        self.pipelines = Pipelines(database, desk)
        self.preferences = Preferences(database, desk)
        self.presence = Presence(database, desk)
        self.statuses = Statuses(database, desk)
        self.trash = Trash(database, desk)
        self.upkeep = Upkeep(database, desk)
        self.users = Users(database, desk)
        self.versions = Versions(database, desk)
        self.whole = WholeExports(database, desk)
