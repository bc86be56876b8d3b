"""What happens to lead records by itself (F5.6)."""

from hubtwin.portal.configuration.parts import Name, Part


class LeadSettings(Part):
    """Settings → Objects → Leads (F5.6)."""

    attempting: Name | None = "attempting-stage-id"
    """The stage of leads that somebody reached out to; null, and none moves (F5.6.1)."""
    connected: Name | None = "connected-stage-id"
    """The stage of leads that answered; null, and none moves (F5.6.2)."""
    sync_owner: bool = False
    """Whether open leads get the owner of their contact or company (F5.6.4)."""
