"""How the last scorecards would have come out under a draft of the value model."""

from django.db import models

from segmentation.models import ModelTrial


class TrialCards(models.Model):
    """The cards of the last closed month, of the firm, regions and branches, made under a trial's draft.

    rows: [{"type", "code", "name", "live", "draft"}]; both sides hold total, the scores of the upgraded rate
    and of profitability, that rate as counted and who was behind it (decimals as text). note: why none.
    """

    trial = models.OneToOneField(
        ModelTrial, on_delete=models.CASCADE, primary_key=True, related_name="trial_cards"
    )
    period = models.CharField(max_length=7, blank=True)
    rows = models.JSONField(default=list)
    note = models.CharField(max_length=20, blank=True)  # no_cards
