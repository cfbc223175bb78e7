"""Asks in templates what the reader may do."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], right: str) -> bool:
    """{% may "people.manage" as manage %}"""
    return bool(context["user"].may(right))
