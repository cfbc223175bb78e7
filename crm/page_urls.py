from django.urls import include, path

from crm import views

runs = [path("", views.run_list, name="list"), path("<int:pk>/", views.run_detail, name="detail")]
urlpatterns = [path("runs/", include((runs, "runs")))]
