from django.urls import path

from outreach.api import callbacks, campaign_deeds, campaigns, due, exclusions, service, tasks

urlpatterns = [
    path("campaigns/", campaigns.Campaigns.as_view(), name="api_campaigns"),
    path("campaigns/<int:pk>/", campaigns.CampaignDetail.as_view(), name="api_campaign"),
    path("campaigns/<int:pk>/members/", campaigns.CampaignMembers.as_view(), name="api_campaign_members"),
    path(
        "campaigns/<int:pk>/members/<str:client_no>/calls/",
        campaign_deeds.CampaignCalls.as_view(),
        name="api_campaign_calls",
    ),
    path(
        "campaigns/<int:pk>/approve/", campaign_deeds.CampaignApproval.as_view(), name="api_campaign_approval"
    ),
    path("campaigns/<int:pk>/<slug:name>/", campaign_deeds.CampaignDeed.as_view(), name="api_campaign_deed"),
    path("contact-exclusions/", exclusions.Exclusions.as_view(), name="api_exclusions"),
    path("contact-exclusions/<int:pk>/end/", exclusions.ExclusionEnd.as_view(), name="api_exclusion_end"),
    path("tasks/", tasks.Tasks.as_view(), name="api_tasks"),
    path("tasks/<int:pk>/", tasks.TaskDetail.as_view(), name="api_task"),
    path("tasks/<int:pk>/<slug:name>/", tasks.TaskEnd.as_view(), name="api_task_end"),
    path("callbacks/", callbacks.Callbacks.as_view(), name="api_callbacks"),
    path("callbacks/<int:pk>/", callbacks.CallbackDetail.as_view(), name="api_callback"),
    path("callback-progress/", callbacks.Progress.as_view(), name="api_callback_progress"),
    path("callback-draws/", callbacks.Draws.as_view(), name="api_callback_draws"),
    path("due-contacts/", due.DueContacts.as_view(), name="api_due_contacts"),
    path("service-plans/", service.ServicePlans.as_view(), name="api_service_plans"),
    path("service-plans/kept/", service.ServicePlanKept.as_view(), name="api_service_plan_kept"),
    path("service-plans/<int:number>/", service.ServicePlanDetail.as_view(), name="api_service_plan"),
    path(
        "service-plans/<int:number>/<slug:name>/",
        service.ServicePlanDeed.as_view(),
        name="api_service_plan_deed",
    ),
]
