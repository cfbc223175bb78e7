from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from core import views
from core.bulk import api as bulk
from core.exports import api as exports

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", views.api_docs, name="api_docs"),
    path("lists/", bulk.Lists.as_view(), name="api_lists"),
    path("lists/<str:name>/bulk/<str:key>/", bulk.BulkChoice.as_view(), name="api_bulk_choice"),
    path("lists/<str:name>/exports/", exports.NewExport.as_view(), name="api_export_new"),
    path("bulk-runs/", bulk.BulkRuns.as_view(), name="api_bulk_runs"),
    path("bulk-runs/<int:pk>/", bulk.BulkRunDetail.as_view(), name="api_bulk_run"),
    path("bulk-runs/<int:pk>/preview/", bulk.BulkPreview.as_view(), name="api_bulk_preview"),
    path("bulk-runs/<int:pk>/start/", bulk.BulkStart.as_view(), name="api_bulk_start"),
    path("bulk-runs/<int:pk>/undo/", bulk.BulkUndo.as_view(), name="api_bulk_undo"),
    path("bulk-runs/<int:pk>/go-on/", bulk.BulkGoOn.as_view(), name="api_bulk_go_on"),
    path("bulk-runs/<int:pk>/report/", bulk.BulkReport.as_view(), name="api_bulk_report"),
    path("exports/", exports.Exports.as_view(), name="api_exports"),
    path("exports/to-decide/", exports.ExportRequests.as_view(), name="api_exports_to_decide"),
    path("exports/<int:pk>/", exports.ExportDetail.as_view(), name="api_export"),
    path("exports/<int:pk>/decide/", exports.ExportDecision.as_view(), name="api_export_decide"),
    path("exports/<int:pk>/file/", exports.ExportFile.as_view(), name="api_export_file"),
]
