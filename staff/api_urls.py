from django.urls import path

from staff import api

urlpatterns = [
    path("units/", api.UnitList.as_view(), name="api_units"),
    path("units/<str:code>/", api.UnitDetail.as_view(), name="api_unit"),
    path("events/", api.EventList.as_view(), name="api_events"),
    path("people/", api.PersonList.as_view(), name="api_people"),
    path("people/<int:pk>/", api.PersonDetail.as_view(), name="api_person"),
]
