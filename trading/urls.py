from django.urls import include, path

from trading import views

feeds = [
    path("", views.packages, name="packages"),
    path("<int:pk>/", views.package, name="package"),
    path("quarantine/", views.quarantine, name="quarantine"),
    path("quarantine/download/", views.quarantine_csv, name="quarantine_csv"),
    path("quarantine/<int:pk>/", views.quarantined_row, name="quarantined_row"),
    path("quarantine/<int:pk>/release/", views.release, name="release"),
]
urlpatterns = [path("feeds/", include((feeds, "trading")))]
