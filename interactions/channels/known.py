"""Which adapter a line speaks, which channel of the log it is, and whom its addresses name."""

from dataclasses import dataclass

from clients.models import Consent
from interactions.channels import Adapter
from interactions.channels.mail import Smtp
from interactions.channels.mail_reading import RawMail
from interactions.channels.outgoing import Carrier, Either, Gateway
from interactions.channels.platforms import WECHAT, WECOM, Direct, Platform
from interactions.channels.sealed_xml import SealedXml
from interactions.channels.signed import CALL_KINDS, MESSAGE_KINDS, VISIT_KINDS, Signed
from interactions.models import Channel, Contact, Line

Kind, Adapters = Contact.Kind, Line.Adapter


@dataclass(frozen=True)
class Way:
    """One way in and out. calls: answered by a person at once, so that ringing and hanging up count.

    carrier: by which messages go out; None where there are none. consent: what the client record calls it;
    where it has no name, only answers go out. platform: what a line of it may also speak to directly. secret:
    by which calls to its gateway are signed.
    """

    adapter: Adapter
    channel: str
    contact: str
    calls: bool = False
    carrier: Carrier | None = None
    consent: str = ""
    platform: Platform | None = None
    secret: str = "signing"


WAYS: dict[str, Way] = {
    Adapters.HOTLINE: Way(Signed(CALL_KINDS), Channel.PHONE, Kind.PHONE, calls=True),
    Adapters.OUTBOUND: Way(Signed(CALL_KINDS), Channel.PHONE, Kind.PHONE, calls=True),
    Adapters.VISIT: Way(Signed(VISIT_KINDS), Channel.VISIT, Kind.VISIT, calls=True),
    Adapters.WECOM: Way(
        SealedXml(),
        Channel.WECOM,
        Kind.WECOM,
        carrier=Either(Direct(WECOM), Gateway("token")),
        consent=Consent.Channel.WECOM,
        platform=WECOM,
        secret="token",
    ),
    Adapters.WECHAT: Way(
        SealedXml(),
        Channel.WECHAT,
        Kind.WECHAT,
        carrier=Either(Direct(WECHAT), Gateway("token")),
        consent=Consent.Channel.WECHAT,
        platform=WECHAT,
        secret="token",
    ),
    Adapters.CHAT: Way(
        Signed(MESSAGE_KINDS), Channel.CHAT, Kind.CHAT, carrier=Gateway(), consent=Consent.Channel.APP
    ),
    Adapters.SMS: Way(
        Signed(MESSAGE_KINDS), Channel.SMS, Kind.PHONE, carrier=Gateway(), consent=Consent.Channel.SMS
    ),
    Adapters.WEIBO: Way(Signed(MESSAGE_KINDS), Channel.WEIBO, Kind.WEIBO, carrier=Gateway()),
    Adapters.EMAIL: Way(RawMail(), Channel.EMAIL, Kind.EMAIL, carrier=Smtp(), consent=Consent.Channel.EMAIL),
}
