from django.urls import path

from interactions.api import levels
from interactions.api import log as api

urlpatterns = [
    path("service-levels/", levels.ServiceLevels.as_view(), name="api_service_levels"),
    path("interactions/", api.Interactions.as_view(), name="api_interactions"),
    path(
        "interactions/<int:pk>/corrections/",
        api.InteractionCorrections.as_view(),
        name="api_interaction_corrections",
    ),
]
