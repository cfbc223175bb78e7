from django.urls import path

from cases.api import cases, files, register

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="api_cases"),
    path("cases/<int:pk>/", cases.CaseDetail.as_view(), name="api_case"),
    path("cases/<int:pk>/clocks/", cases.Clocks.as_view(), name="api_case_clocks"),
    path("cases/<int:pk>/notes/", cases.Notes.as_view(), name="api_case_notes"),
    path("cases/<int:pk>/state/", cases.StateOf.as_view(), name="api_case_state"),
    path("cases/<int:pk>/owner/", cases.OwnerOf.as_view(), name="api_case_owner"),
    path("cases/<int:pk>/steps/", cases.Steps.as_view(), name="api_case_steps"),
    path("cases/<int:pk>/files/", files.Files.as_view(), name="api_case_files"),
    path("cases/<int:pk>/files/<uuid:key>/", files.OneFile.as_view(), name="api_case_file"),
    path("complaints/", cases.Complaints.as_view(), name="api_complaints"),
    path("complaints/register/", register.Register.as_view(), name="api_complaints_register"),
    path("complaints/register/file/", register.RegisterFile.as_view(), name="api_complaints_register_file"),
]
