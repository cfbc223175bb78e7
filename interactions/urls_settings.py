"""Addresses of the desk's settings, below /desk/settings/."""

from django.urls import path

from interactions.views import lines, replies, rules, skills, surveys, targets, thresholds

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
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("thresholds/<int:pk>/withdraw/", thresholds.threshold_withdraw, name="threshold_withdraw"),
    path("targets/", targets.targets, name="targets"),
    path("targets/<int:pk>/withdraw/", targets.target_withdraw, name="target_withdraw"),
    path("surveys/", surveys.survey_rules_page, name="surveys"),
    path("surveys/<int:pk>/", surveys.survey_rule, name="survey_rule"),
    path("lines/", lines.lines, name="lines"),
    path("lines/new/", lines.line_new, name="line_new"),
    path("lines/<int:pk>/", lines.line, name="line"),
    path("lines/<int:pk>/renew/", lines.line_renew, name="line_renew"),
    path("lines/<int:pk>/switch/", lines.line_switch, name="line_switch"),
    path("parked/", lines.parked, name="parked"),
    path("parked/again/", lines.parked_again, name="parked_again"),
]
