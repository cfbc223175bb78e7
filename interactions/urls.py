from django.urls import include, path

from interactions.views import desk, events, inspected, leaving, levels, outgoing, recordings, surveys, talk
from interactions.views import log as views

log = [
    path("", views.interaction_list, name="list"),
    path("<int:pk>/inspected/", inspected.inspected, name="inspected"),
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
    path("recordings/<uuid:key>/", recordings.listen, name="listen"),
]
asked = [
    path("", surveys.survey_list, name="list"),
    path("of/<int:conversation>/", surveys.survey_of_conversation, name="of_conversation"),
]
conversations = [
    path("", desk.conversation_list, name="list"),
    path("conversations/<int:pk>/", desk.conversation, name="conversation"),
    path("conversations/<int:pk>/take/", desk.take, name="take"),
    path("conversations/<int:pk>/client/", desk.name_client, name="client"),
    path("conversations/<int:pk>/wrap-up/", desk.wrap_up, name="wrap_up"),
    path("conversations/<int:pk>/said/", talk.said, name="said"),
    path("conversations/<int:pk>/reply/", talk.reply, name="reply"),
    path("conversations/<int:pk>/note/", talk.note, name="note"),
    path("conversations/<int:pk>/draft/", talk.draft, name="draft"),
    path("conversations/<int:pk>/look/", talk.look, name="look"),
    path("conversations/<int:pk>/transfer/", talk.transfer, name="transfer"),
    path("conversations/<int:pk>/give/", talk.give, name="give"),
    path("conversations/<int:pk>/snooze/", talk.snooze, name="snooze"),
    path("conversations/<int:pk>/verify/", talk.verify, name="verify"),
    path("conversations/<int:pk>/links/<int:link>/end/", talk.unlink, name="unlink"),
    path("files/<uuid:key>/", talk.attachment, name="attachment"),
    path("write/<str:client_no>/", outgoing.write, name="write"),
    path("sent/", outgoing.delivery_list, name="deliveries"),
    path("presence/", desk.presence, name="presence"),
    path("pop/", desk.pop, name="pop"),
]
urlpatterns = [
    path("api/v1/channels/<slug:code>/events", events.channel_events, name="channel_events"),
    path("unsubscribe/<str:token>/", leaving.unsubscribe, name="unsubscribe"),
    path("survey/<str:token>/", surveys.survey, name="survey"),
    path("desk/", include((conversations, "desk"))),
    path("desk/surveys/", include((asked, "surveys"))),
    path("desk/settings/", include("interactions.urls_settings")),
    path("interactions/", include((log, "interactions"))),
    path("desk/", include((service_levels, "levels"))),
]
