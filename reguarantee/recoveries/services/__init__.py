"""The only writers of recoveries: shared by the treaty, held or passed on, undone by an opposite one."""

from reguarantee.recoveries.services.funds import settle_funds
from reguarantee.recoveries.services.holding import open_claim, settle_held
from reguarantee.recoveries.services.sharing import RecoveryDiffers, open_recovery
from reguarantee.recoveries.services.writing_off import open_write_off

__all__ = ["RecoveryDiffers", "open_claim", "open_recovery", "open_write_off", "settle_funds", "settle_held"]
