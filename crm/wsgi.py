"""Django as the web server runs it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_wsgi_application()

# What stands after the start stays for good. Walking it for garbage in the middle of a request costs tens of
# milliseconds; so the collector leaves it alone, and looks at what requests left behind less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
