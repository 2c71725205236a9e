# The server in a container: onrecord help operating
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS made
# Without a graphics card its build for processors does, which is a tenth of the size.
ARG TORCH=https://download.pytorch.org/whl/cpu
WORKDIR /made
COPY pyproject.toml README.md LICENSE ./
COPY .ci/constraints.txt .ci/
COPY assistant assistant
COPY index index
COPY prompts prompts
RUN python -m venv /opt/onrecord \
    && /opt/onrecord/bin/pip install --no-cache-dir --index-url "$TORCH" \
        "torch==$(sed -n 's/^torch==//p' .ci/constraints.txt)" \
    && /opt/onrecord/bin/pip install --no-cache-dir --constraint .ci/constraints.txt '.[postgres,ray]'

FROM python:${PYTHON}-slim
COPY --from=made /opt/onrecord /opt/onrecord
# Any user of the group 0 will do, as some platforms give each container a number of its own.
# What several servers share is there before there is anything in it, so that it can be mounted.
RUN install --directory --mode=0770 --owner=10001 --group=0 \
        /data /data/uploads /data/questions /data/runs
ENV PATH=/opt/onrecord/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ONRECORD_HOME=/data \
    ONRECORD_HOST=0.0.0.0 \
    ONRECORD_PORT=7860
USER 10001:0
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['ONRECORD_PORT'] + '/api/v1/health', timeout=4)"]
ENTRYPOINT ["onrecord"]
CMD ["serve"]
