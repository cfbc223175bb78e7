"""A browser in words, from what it says of itself; good for recognising one's own, not for trusting it."""

from django.utils.translation import gettext as _

# the first that fits; browsers name those they descend from
BROWSERS = (
    ("wxwork/", "WeCom"),
    ("micromessenger/", "WeChat"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("firefox/", "Firefox"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
)
SYSTEMS = (
    ("windows", "Windows"),
    ("harmony", "HarmonyOS"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("mac os", "macOS"),
    ("linux", "Linux"),
)
PHONES = ("HarmonyOS", "Android", "iPhone", "iPad")


def device_words(agent: str) -> str:
    """Such as "Edge on Windows"."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")


def device_icon(agent: str) -> str:
    return "smartphone" if _first(SYSTEMS, agent) in PHONES else "monitor"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    said = agent.lower()
    return next((name for mark, name in names if mark in said), "")
