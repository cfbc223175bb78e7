"""Asks in templates what the reader may do, and names browsers."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.templatetags.ui import icon
from staff.devices import device_icon, device_words

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], right: str) -> bool:
    """{% may "people.manage" as manage %}"""
    return bool(context["user"].may(right))


@register.filter
def device(agent: str) -> str:
    """A browser's own words in ours."""
    return device_words(agent)


@register.simple_tag(name="device_icon")
def picture_of_device(agent: str) -> SafeString:
    return icon(device_icon(agent))
