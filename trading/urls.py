from django.urls import include, path

from trading.views import feeds, panels

feed_pages = [
    path("", feeds.packages, name="packages"),
    path("<int:pk>/", feeds.package, name="package"),
    path("quarantine/", feeds.quarantine, name="quarantine"),
    path("quarantine/download/", feeds.quarantine_csv, name="quarantine_csv"),
    path("quarantine/<int:pk>/", feeds.quarantined_row, name="quarantined_row"),
    path("quarantine/<int:pk>/release/", feeds.release, name="release"),
]
client_panels = [
    path("<str:client_no>/holdings/", panels.holdings, name="holdings"),
    path("<str:client_no>/trades/", panels.trades, name="trades"),
    path("<str:client_no>/incomes/", panels.incomes, name="incomes"),
    path("<str:client_no>/suitability/", panels.suitability, name="suitability"),
    path("<str:client_no>/suitability/answer/", panels.answer, name="suitability_answer"),
    path("<str:client_no>/suitability/warn/", panels.warn, name="suitability_warn"),
]
urlpatterns = [
    path("feeds/", include((feed_pages, "trading"))),
    path("trading/clients/", include((client_panels, "trading_client"))),
]
