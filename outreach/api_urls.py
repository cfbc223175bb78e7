from django.urls import path

from outreach.api import tasks

urlpatterns = [
    path("tasks/", tasks.Tasks.as_view(), name="api_tasks"),
    path("tasks/<int:pk>/", tasks.TaskDetail.as_view(), name="api_task"),
    path("tasks/<int:pk>/<slug:name>/", tasks.TaskEnd.as_view(), name="api_task_end"),
]
