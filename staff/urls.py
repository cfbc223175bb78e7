from django.urls import include, path

from staff.views import (
    account,
    home,
    notices,
    people,
    provider,
    second_step,
    sign_ins,
    systems,
    token,
    trail,
    units,
)

pages = [
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:person_id>/roles/", people.role_new, name="role_new"),
    path("people/<int:person_id>/roles/<int:membership_id>/end/", people.role_end, name="role_end"),
    path("people/<int:person_id>/password/", people.password_reset, name="password_reset"),
    path(
        "people/<int:person_id>/second-factor/reset/", people.second_factor_reset, name="second_factor_reset"
    ),
    path("people/<int:person_id>/sign-ins/end/", people.sign_ins_end, name="sign_ins_end"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<str:code>/", units.unit_edit, name="unit_edit"),
    path("api-clients/", systems.api_clients, name="api_clients"),
    path("api-clients/<int:pk>/remove/", systems.api_client_remove, name="api_client_remove"),
    path("audit/", trail.audit_trail, name="audit"),
]
notice_pages = [
    path("", notices.notices, name="list"),
    path("count/", notices.count, name="count"),
    path("bell/", notices.bell, name="bell"),
    path("read/", notices.read_all, name="read_all"),
    path("unread/", notices.unread, name="unread"),
    path("settings/", notices.settings_page, name="settings"),
    path("<int:pk>/", notices.follow, name="follow"),
]
urlpatterns = [
    path("notices/", include((notice_pages, "notices"))),
    path("", home.home, name="home"),
    path("sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("sign-in/second-step/", second_step.second_step, name="second_step"),
    path("sign-in/company/", provider.leave, name="provider"),
    path("sign-in/company/back/", provider.come_back, name="provider_back"),
    path("sign-out/", account.SignOut.as_view(), name="sign_out"),
    path("password/", account.password_change, name="password_change"),
    path("sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("sign-ins/confirm/", second_step.confirm, name="confirm"),
    path("sign-ins/end-others/", sign_ins.end_others, name="end_others"),
    path("sign-ins/second-factor/", sign_ins.second_factor_first, name="second_factor"),
    path("sign-ins/app/", sign_ins.app_new, name="app_new"),
    path("sign-ins/app/remove/", sign_ins.app_remove, name="app_remove"),
    path("sign-ins/passkeys/new/", sign_ins.passkey_new, name="passkey_new"),
    path("sign-ins/passkeys/<int:pk>/remove/", sign_ins.passkey_remove, name="passkey_remove"),
    path("sign-ins/recovery-codes/", sign_ins.recovery_codes, name="recovery_codes"),
    path("sign-ins/<str:key>/end/", sign_ins.end_one, name="sign_in_end"),
    path("language/", account.set_language, name="set_language"),
    path("theme/", account.set_theme, name="set_theme"),
    path("o/token/", token.Token.as_view(), name="token"),
    path("", include((pages, "staff"))),
]
