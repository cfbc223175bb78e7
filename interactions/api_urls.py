from django.urls import path

from interactions.api import log as api

urlpatterns = [
    path("interactions/", api.Interactions.as_view(), name="api_interactions"),
    path(
        "interactions/<int:pk>/corrections/",
        api.InteractionCorrections.as_view(),
        name="api_interaction_corrections",
    ),
]
