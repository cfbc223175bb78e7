"""Files of articles, such as forms to be filled in."""

from django.db import models
from django.db.models import F, Q

from core.files.stored import StoredFile
from knowledge.models.articles import Article, ArticleVersion


class ArticleFile(StoredFile):
    """A file of the versions from `since` to `until` (numbers, both inside; null: of all later ones too)."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="files")
    since = models.IntegerField()
    until = models.IntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="article_file_size"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="article_file_of_a_version"
            ),
        ]

    @staticmethod
    def of(version: ArticleVersion) -> Q:
        """Those that belong to the version."""
        last = Q(until__isnull=True) | Q(until__gte=version.number)
        return last & Q(article_id=version.article_id, since__lte=version.number)
