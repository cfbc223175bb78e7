"""Which adapter a line speaks, which channel of the log it is, and whom its addresses name."""

from dataclasses import dataclass

from interactions.channels import Adapter
from interactions.channels.sealed_xml import SealedXml
from interactions.channels.signed import CALL_KINDS, MESSAGE_KINDS, VISIT_KINDS, Signed
from interactions.models import Channel, Contact, Line

Kind, Adapters = Contact.Kind, Line.Adapter


@dataclass(frozen=True)
class Way:
    """One way in. calls: answered by a person at once, so that ringing and hanging up count."""

    adapter: Adapter
    channel: str
    contact: str
    calls: bool = False


WAYS: dict[str, Way] = {
    Adapters.HOTLINE: Way(Signed(CALL_KINDS), Channel.PHONE, Kind.PHONE, calls=True),
    Adapters.OUTBOUND: Way(Signed(CALL_KINDS), Channel.PHONE, Kind.PHONE, calls=True),
    Adapters.VISIT: Way(Signed(VISIT_KINDS), Channel.VISIT, Kind.VISIT, calls=True),
    Adapters.WECOM: Way(SealedXml(), Channel.WECOM, Kind.WECOM),
    Adapters.WECHAT: Way(SealedXml(), Channel.WECHAT, Kind.WECHAT),
    Adapters.CHAT: Way(Signed(MESSAGE_KINDS), Channel.CHAT, Kind.CHAT),
    Adapters.SMS: Way(Signed(MESSAGE_KINDS), Channel.SMS, Kind.PHONE),
    Adapters.WEIBO: Way(Signed(MESSAGE_KINDS), Channel.WEIBO, Kind.WEIBO),
}
