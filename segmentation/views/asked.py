"""What the pages of segments are asked for: a date, a unit or manager, and two dates of migration."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from segmentation.forms.overview import SegmentsForm
from segmentation.links import Links
from segmentation.models import ModelVersion
from segmentation.queries import rows, units
from segmentation.queries.units import UnitChoice
from staff.access import PersonRequest
from staff.scope import Scope

RIGHT = "segmentation.view"


@dataclass(frozen=True)
class Asked:
    """The reader's choice above a page, within what the reader may see."""

    form: SegmentsForm
    kept: rows.KeptDates
    scope: Scope
    may_see_clients: bool

    @classmethod
    def of(cls, request: PersonRequest, *, with_migration: bool = True) -> "Asked":
        kept, scope = rows.kept_dates(), request.user.scope_for(RIGHT)
        choices = units.choices(scope)
        form = SegmentsForm(request.GET, days=kept.newest_first, units=choices, with_migration=with_migration)
        return cls(form, kept, scope, request.user.may("clients.view"))

    @cached_property
    def as_of(self) -> date:
        return self.form.chosen("as_of", self.kept.newest_first[0])

    @cached_property
    def unit(self) -> UnitChoice:
        """Raises UnitUnknown for one out of sight."""
        return self.unit_on(self.as_of)

    @property
    def links(self) -> Links:
        return Links(self.form.chosen_unit(), self.kept.night, self.may_see_clients)

    def unit_on(self, day: date) -> UnitChoice:
        """The unit as the tree was on a day. Raises UnitUnknown for one out of sight."""
        return units.named(self.form.chosen_unit(), self.scope, day)

    def migration(self) -> tuple[date, date]:
        """From the close before the last date to it, unless other dates were chosen."""
        end = self.form.chosen("end", self.kept.newest_first[0])
        start = self.form.chosen("start", max((day for day in self.kept.closes if day < end), default=end))
        return start, end

    @property
    def rules(self) -> Any:
        version = ModelVersion.objects.serving(self.as_of) or ModelVersion.objects.first_version()
        return version.rules

    def context(self, page: str) -> dict[str, Any]:
        """What every page shows: the form, the other pages for the same choice, the file."""
        told = {name: value for name, value in self.form.initial.items() if value}
        query = f"?{urlencode(told)}" if told else ""
        return {
            "form": self.form,
            "as_of": self.as_of,
            "page_url": reverse(f"segmentation:{page}"),
            "pages": [
                (words, reverse(f"segmentation:{name}") + query, name == page)
                for name, words in page_words().items()
            ],
            "file_url": reverse("segmentation:file") + query,
        }


def page_words() -> dict[str, str]:
    return {
        "overview": _("Sizes and migration"),
        "history": _("Two years by tier"),
        "cohorts": _("Cohorts"),
        "cells": _("Current × potential"),
    }
