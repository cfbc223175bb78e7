# The application's image: one for web, worker and beat (docker-compose.yml says which is which).
FROM python:3.13-slim-bookworm AS packages
COPY requirements/pip.txt requirements/prod.txt /requirements/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r /requirements/pip.txt \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r /requirements/prod.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin crm \
    && install -d -o crm -g crm -m 0750 /data /data/files /data/tmp
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CRM_STATIC_ROOT=/app/static_collected \
    CRM_FILES=/data/files \
    TMPDIR=/data/tmp
WORKDIR /app
COPY . .
# Collecting static files reads the settings, which refuse to start without keys: these are for this step alone.
RUN python -m core.translations \
    && CRM_SECRET_KEY=only-while-building-the-image-0123456789-0123456789 \
       CRM_DATA_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
       CRM_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
       DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 \
       python manage.py collectstatic --no-input --verbosity 0
USER crm
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENV CRM_WEB_THREADS=8
CMD ["granian", "--interface", "asginl", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--backlog", "4096", "--backpressure", "4096", "--respawn-failed-workers", \
     "--workers-kill-timeout", "30", "--log-level", "warning", "crm.asgi:application"]
