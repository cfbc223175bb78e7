"""Settings, all from the environment (docs/operations.md lists them); unsafe ones stop the start."""

import shlex
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

from crm import env

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env.flag("CRM_DEBUG")
SECRET_KEY = env.text("CRM_SECRET_KEY")
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("CRM_SECRET_KEY must have at least 40 characters.")
ALLOWED_HOSTS = env.words("CRM_ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.words("CRM_TRUSTED_ORIGINS")

# Personal data: AES-GCM keys by number, and the key of the blind index, apart from each other.
DATA_KEYS = env.data_keys("CRM_DATA_KEYS")
INDEX_KEY = env.key_bytes("CRM_INDEX_KEY", env.text("CRM_INDEX_KEY"))

# Highest layer first: an app imports only from those below it.
HOUSE_APPS = [
    "kpis",
    "segmentation",
    "outreach",
    "cases",
    "interactions",
    "knowledge",
    "trading",
    "clients",
    "staff",
    "core",
]
INSTALLED_APPS = [
    "crm",
    *HOUSE_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
]
MIDDLEWARE = [
    "core.middleware.RequestContext",
    "core.middleware.RateHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "staff.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.shell",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.database(env.text("DATABASE_URL")),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c timezone=Asia/Shanghai -c lock_timeout=60s", "application_name": "crm"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AXES_CLIENT_IP_CALLABLE = "core.addresses.client_address"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
SESSION_ENGINE = "staff.sessions"
SESSION_COOKIE_AGE = 12 * 3600
# Roles that must prove themselves by more than a password; none on a machine of one's own (dev.py).
SECOND_FACTOR_ROLES = frozenset(
    env.words("CRM_SECOND_FACTOR_ROLES", "administrator,compliance,branch_manager,value_analyst,operator")
)
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False

# The firm's own identity provider (OpenID Connect), when there is one.
OIDC_ISSUER = env.text("CRM_OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.text("CRM_OIDC_CLIENT_ID", None if OIDC_ISSUER else "")
OIDC_CLIENT_SECRET = env.text("CRM_OIDC_CLIENT_SECRET", None if OIDC_ISSUER else "")
OIDC_SCOPES = env.text("CRM_OIDC_SCOPES", "openid profile")
OIDC_CLAIM = env.text("CRM_OIDC_CLAIM", "preferred_username")
OIDC_FIELD = env.text("CRM_OIDC_FIELD", "username")
if OIDC_FIELD not in {"username", "employee_no"}:
    raise ImproperlyConfigured("CRM_OIDC_FIELD must be username or employee_no.")
LOCAL_PASSWORD = env.flag("CRM_LOCAL_PASSWORD", True)
if not (LOCAL_PASSWORD or OIDC_ISSUER):
    raise ImproperlyConfigured("Without CRM_OIDC_ISSUER nobody can sign in when CRM_LOCAL_PASSWORD is 0.")

# Behind TLS everything is secure; CRM_INSECURE_HTTP=1 is for a machine of one's own.
HTTPS = not (DEBUG or env.flag("CRM_INSECURE_HTTP"))
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("CRM_BEHIND_PROXY") else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("CRM_STATIC_ROOT", str(BASE_DIR / "static_collected")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.flag("CRM_PLAIN_STATIC", DEBUG)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Uploaded packages and made files; outside anything the web serves.
FILES_ROOT = Path(env.text("CRM_FILES", str(BASE_DIR / ".data" / "files")))
MEDIA_ROOT = FILES_ROOT
# Reads a file from its standard input and ends with 0 for clean, 1 for refused; none looks at kind and size.
SCAN_COMMAND = shlex.split(env.text("CRM_SCAN_COMMAND", ""))
# Where clients reach this site, for links in mail.
PUBLIC_URL = env.text("CRM_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
# The firm's own mail: notices to its people. Without a host none is sent.
EMAIL_HOST = env.text("CRM_MAIL_HOST", "")
EMAIL_PORT = int(env.text("CRM_MAIL_PORT", "587"))
EMAIL_HOST_USER = env.text("CRM_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("CRM_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("CRM_MAIL_STARTTLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("CRM_MAIL_FROM", "crm@localhost")
# How people get notices by mail who chose nothing: none, daily, at_once; and when the daily mail is due.
NOTICE_MAIL = env.text("CRM_NOTICE_MAIL", "daily")
# Working days that agents have to appeal against the result of an inspection.
APPEAL_DAYS = int(env.text("CRM_APPEAL_DAYS", "5"))
NOTICE_DIGEST_HOUR = int(env.text("CRM_NOTICE_DIGEST_HOUR", "8"))
# The audit chains' heads, outside the database they prove.
AUDIT_HEADS = Path(env.text("CRM_AUDIT_HEADS", str(FILES_ROOT / "audit-heads.jsonl")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000  # a grid of targets: 500 units by 12 cells
FEED_UPLOAD_MAX_BYTES = 2 * 1024**3
# A zip may hold that much, and at most so many times its own size, when unpacked.
FEED_UNPACKED_MAX_BYTES = 40 * 1024**3
FEED_MOST_RATIO = 200
# A file with a larger share of bad rows refuses the whole package; fewer bad rows than this never do.
FEED_MOST_BAD_SHARE = Decimal(env.text("CRM_FEED_MOST_BAD_SHARE", "0.001"))
FEED_FEWEST_BAD_ROWS = 10

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.ClientCredentials",
        "core.api.authentication.SignedInSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.ScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.BoundedJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": "staff.principals.Nobody",
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.PerClient"],
    "EXCEPTION_HANDLER": "core.api.problems.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 100,
}
API_RATE_PER_MINUTE = int(env.text("CRM_API_RATE_PER_MINUTE", "6000"))
REVEALS_PER_HOUR = int(env.text("CRM_REVEALS_PER_HOUR", "30"))  # unmasked values, for each person
TRUSTED_PROXIES = int(env.text("CRM_TRUSTED_PROXIES", "0"))
SPECTACULAR_SETTINGS = {
    "TITLE": "Client-service CRM",
    "DESCRIPTION": "REST API for other systems of the brokerage.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "UnitKind": "staff.models.Unit.Kind",
        "ClientKind": "clients.models.Client.Kind",
        "ContactPointKind": "clients.models.ContactPoint.Kind",
        "RelationKind": "clients.models.Relation.Kind",
        "ConsentSource": "clients.models.Consent.Source",
        "ProspectSource": "clients.models.Prospect.Source",
        "FeedPackageState": "trading.models.FeedPackage.State",
        "QuarantinedRowState": "trading.models.QuarantinedRow.State",
        "RunState": "core.models.Run.State",
        "ConversationState": "interactions.models.Conversation.State",
        "DeliveryState": "interactions.models.Delivery.State",
        "InspectionState": "knowledge.models.Inspection.State",
        "FileState": "core.files.stored.StoredFile.State",
        "CaseState": "cases.models.cases.State",
        "ScorecardState": "kpis.models.Scorecard.State",
        "ComplaintBusiness": "cases.models.Complaint.Business",
        "ComplaintSource": "cases.models.Complaint.Source",
        "CasePriority": "cases.models.cases.Case.Priority",
        "TaskState": "outreach.models.Task.State",
        "InteractionOutcome": "interactions.models.Interaction.Outcome",
        "WrittenState": "segmentation.models.ModelDraft.State",
        "CampaignOutcome": "outreach.models.CampaignMember.Outcome",
        "CampaignTarget": "outreach.models.Campaign.Target",
        "CampaignAssign": "outreach.models.Campaign.Assign",
        "TaskPriority": "outreach.models.Task.Priority",
        "TaskBusiness": "outreach.models.Task.Business",
        "ConsentPurpose": "clients.models.Consent.Purpose",
        "ClientReportState": "kpis.models.Report.State",
        "ProposalState": "kpis.models.Proposal.State",
        "ProposalRole": "kpis.models.proposals.ROLE_CHOICES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.add_problems",
    ],
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "staff.ApiClient"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES_BACKEND_CLASS": "staff.oauth.RegistryScopes",
    "OAUTH2_VALIDATOR_CLASS": "staff.oauth.Validator",
    # RFC 9700, the best current practice of OAuth2 security, in full
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # only a token's checksum is kept
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

CELERY_BROKER_URL = env.broker(REDIS_URL)

# Campaigns for more clients than this need a second person; those for a product always do.
CAMPAIGN_APPROVAL_OVER = int(env.text("CRM_CAMPAIGN_APPROVAL_OVER", "200"))

# How many years a client's risk assessment holds.
RISK_ASSESSMENT_YEARS = int(env.text("CRM_RISK_ASSESSMENT_YEARS", "2"))

# How many shards of the nightly run are computed at once, each on a connection of its own; one more than the
# database has cores, for a session that waits for the disk leaves its core to another.
RECOMPUTE_THREADS = int(env.text("CRM_RECOMPUTE_THREADS", "3"))

# Whether publish_breakpoints on the command line may publish without a second person.
ALLOW_COMMAND_LINE_PUBLISH = env.flag("CRM_COMMAND_LINE_PUBLISH", DEBUG)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "core.logs.RequestFilter"}},
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["request"], "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("CRM_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
    },
}
