"""Settings under test: the application's own, with what a browser over plain HTTP and speed ask for.

`./dev.py test` provides databases and keys; the defaults here serve a bare `pytest` beside them.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("CRM_SECRET_KEY", "only-for-tests-" + "0123456789" * 4)
os.environ.setdefault("CRM_DATA_KEYS", "1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("CRM_INDEX_KEY", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=")
os.environ["CRM_DEBUG"] = "0"
os.environ["CRM_INSECURE_HTTP"] = "1"
os.environ["CRM_PLAIN_STATIC"] = "1"
if "CRM_TEST_FILES" not in os.environ:  # servers that tests start share the folder of the test
    os.environ["CRM_TEST_FILES"] = tempfile.mkdtemp(prefix="crm-test-files-")
    atexit.register(shutil.rmtree, os.environ["CRM_TEST_FILES"], ignore_errors=True)
os.environ["CRM_FILES"] = os.environ["CRM_TEST_FILES"]
os.environ["CRM_SECOND_FACTOR_ROLES"] = ""  # its own tests name roles
os.environ["CRM_ALLOWED_HOSTS"] = "127.0.0.1,localhost,testserver"


def _own_redis_database(url: str) -> str:
    """Each pytest-xdist worker counts and caches in a database of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker.removeprefix("gw").isdigit():
        return url
    number = int(worker.removeprefix("gw")) % 14 + 1
    if url.startswith("unix:"):
        return f"{url.partition('?')[0]}?db={number}"
    return f"{url.rstrip('0123456789').rstrip('/')}/{number}" if url.count("/") > 2 else f"{url}/{number}"


os.environ["REDIS_URL"] = _own_redis_database(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
os.environ.setdefault("DATABASE_URL", "postgres://crm@127.0.0.1/crm")

from crm.settings import *  # noqa: E402

# a database of `./dev.py test` in which the migrations were carried out already
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("CRM_TEST_TABLES")}
# Argon2 is slow on purpose; the tests sign in hundreds of times
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# the real web server of some journeys serves files that nobody collected; looked up when asked for, because
# a list of all of them would be made anew for every `Client()` of a test, which takes 40 ms
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
