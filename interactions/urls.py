from django.urls import include, path

from interactions.views import log as views

log = [
    path("", views.interaction_list, name="list"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("log/<str:client_no>/", views.quick_log, name="log"),
]
urlpatterns = [path("interactions/", include((log, "interactions")))]
