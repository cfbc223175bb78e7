"""Addresses of the desk's settings, below /desk/settings/."""

from django.urls import path

from interactions.views import replies, rules, skills

app_name = "desk_settings"
urlpatterns = [
    path("", rules.home, name="home"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.rule_new, name="rule_new"),
    path("rules/try/", rules.rules_try, name="rules_try"),
    path("rules/<int:pk>/", rules.rule_edit, name="rule_edit"),
    path("rules/<int:pk>/switch/", rules.rule_switch, name="rule_switch"),
    path("rules/<int:pk>/move/", rules.rule_move, name="rule_move"),
    path("skills/", skills.skills, name="skills"),
    path("skills/new/", skills.skill_new, name="skill_new"),
    path("skills/<int:pk>/", skills.skill_edit, name="skill_edit"),
    path("skills/people/<int:person_id>/", skills.levels, name="levels"),
    path("replies/", replies.replies, name="replies"),
    path("replies/new/", replies.reply_new, name="reply_new"),
    path("replies/<int:pk>/", replies.reply, name="reply"),
    path("replies/<int:pk>/retire/", replies.reply_retire, name="reply_retire"),
]
