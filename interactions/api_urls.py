from django.urls import path

from interactions.api import batch, desk, levels, survey_rules, surveys, targets
from interactions.api import log as api

urlpatterns = [
    path("conversations/", desk.Conversations.as_view(), name="api_conversations"),
    path("conversations/<int:pk>/", desk.ConversationDetail.as_view(), name="api_conversation"),
    path("deliveries/", desk.Deliveries.as_view(), name="api_deliveries"),
    path("deliveries/<int:pk>/", desk.DeliveryDetail.as_view(), name="api_delivery"),
    path("service-levels/", levels.ServiceLevels.as_view(), name="api_service_levels"),
    path("level-targets/", targets.LevelTargets.as_view(), name="api_level_targets"),
    path("surveys/", surveys.Surveys.as_view(), name="api_surveys"),
    path("survey-rules/", survey_rules.SurveyRules.as_view(), name="api_survey_rules"),
    path("survey-rules/<int:pk>/", survey_rules.SurveyRuleDetail.as_view(), name="api_survey_rule"),
    path("interactions/", api.Interactions.as_view(), name="api_interactions"),
    path("interactions/batch/", batch.InteractionBatch.as_view(), name="api_interaction_batch"),
    path(
        "interactions/<int:pk>/corrections/",
        api.InteractionCorrections.as_view(),
        name="api_interaction_corrections",
    ),
]
