# The app in a container of about 1 GB: `docker build -t explorer . && docker run -p 8501:8501 explorer`
# The small build of torch: `--build-arg PIP_EXTRA="--extra-index-url ADDRESS"`, see deploy/README.md.
# Behind a proxy under a path: add `-e STREAMLIT_SERVER_BASE_URL_PATH=explorer`.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    MALLOC_ARENA_MAX=2 \
    HOME=/home/explorer

RUN useradd --create-home --uid 10001 explorer
WORKDIR /app
COPY requirements.txt requirements.txt
COPY deploy/requirements.txt deploy/requirements.txt
ARG PIP_EXTRA=
RUN pip install $PIP_EXTRA -r deploy/requirements.txt

# Only what the app runs on; it writes nothing, so nothing of it belongs to its user.
COPY .streamlit .streamlit
COPY assets assets
COPY explorer explorer
COPY pages pages
COPY deploy deploy
COPY streamlit_app.py LICENSE ./

USER explorer
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "deploy/healthy.py"]
CMD ["streamlit", "run", "deploy/serve.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
