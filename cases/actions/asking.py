"""When a case is closed its client may be asked how it was dealt with (rules of surveys decide)."""

from cases.models import Case
from cases.queries.ways import about_of, line_for
from interactions.actions.surveys import ask
from interactions.models import Survey, SurveyKind


def ask_how_it_was(case: Case) -> Survey | None:
    """Once a case, in the caller's transaction; None when nobody is asked."""
    if case.client is None:
        return None
    about = about_of(case)
    return ask(client=case.client, kind=SurveyKind.CASE, about=about, line=line_for(case), key=about)
