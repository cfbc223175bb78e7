"""A stored file as an answer: to be saved, never shown."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from core.files.keeping import content_of
from core.files.stored import StoredFile


def download(file: StoredFile) -> HttpResponse:
    """Only for files that the scan let pass; who may have it was asked before.

    Raises Http404 for what the store lost.
    """
    try:
        content = content_of(file)
    except FileNotFoundError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type=file.content_type or "application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
