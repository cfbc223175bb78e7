from django.urls import include, path

from outreach.views import calendar, campaigns, deeds, panels, plans, tasks

task_pages = [
    path("", tasks.task_list, name="list"),
    path("new/", tasks.task_new, name="new"),
    path("quick/", panels.quick, name="quick"),
    path("home/", panels.home, name="home"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/address/", calendar.feed_page, name="feed"),
    path("calendar/address/revoke/", calendar.feed_revoke, name="feed_revoke"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/start/", plans.plan_start, name="plan_start"),
    path("plans/runs/<int:pk>/cancel/", plans.run_cancel, name="run_cancel"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/retire/", plans.plan_retire, name="plan_retire"),
    path("clients/<str:client_no>/", panels.client_panel, name="client_panel"),
    path("clients/<str:client_no>/add/", panels.client_add, name="client_add"),
    path("<int:pk>/", tasks.task_detail, name="detail"),
    path("<int:pk>/edit/", tasks.task_edit, name="edit"),
    path("<int:pk>/comment/", deeds.comment, name="comment"),
    path("<int:pk>/steps/", deeds.add_step, name="add_step"),
    path("<int:pk>/steps/<int:position>/", deeds.tick, name="tick"),
    path("<int:pk>/undo/<int:version>/", deeds.undo, name="undo"),
    path("<int:pk>/take-back/", panels.quick_undo, name="quick_undo"),
    path("<int:pk>/do/<slug:name>/", deeds.deed, name="deed"),
]
campaign_pages = [
    path("", campaigns.campaign_list, name="list"),
    path("new/", campaigns.campaign_new, name="new"),
    path("<int:pk>/", campaigns.campaign_detail, name="detail"),
    path("<int:pk>/edit/", campaigns.campaign_edit, name="edit"),
    path("<int:pk>/members/", campaigns.members, name="members"),
    path("<int:pk>/work/", campaigns.work, name="work"),
    path("<int:pk>/work/<int:member>/", campaigns.called, name="called"),
    path("<int:pk>/approve/", campaigns.approval, name="approve"),
    path("<int:pk>/do/<slug:name>/", campaigns.deed, name="deed"),
]
urlpatterns = [
    path("campaigns/", include((campaign_pages, "campaigns"))),
    path("tasks/", include((task_pages, "tasks"))),
    path("calendar/<str:token>/tasks.ics", calendar.feed, name="calendar_feed"),
]
