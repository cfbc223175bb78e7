from django.urls import include, path

from interactions.views import levels, recordings
from interactions.views import log as views

log = [
    path("", views.interaction_list, name="list"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("log/<str:client_no>/", views.quick_log, name="log"),
]
service_levels = [
    path("wall/", levels.wall, name="wall"),
    path("wall/now/", levels.wall_now, name="wall_now"),
    path("levels/", levels.history, name="history"),
    path("day/", levels.my_day, name="day"),
    path("recordings/", recordings.recordings_import, name="recordings"),
    path("recordings/of/<int:conversation>/", recordings.recordings_of, name="recordings_of"),
]
urlpatterns = [
    path("interactions/", include((log, "interactions"))),
    path("desk/", include((service_levels, "levels"))),
]
