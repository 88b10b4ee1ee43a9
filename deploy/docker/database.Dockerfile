# PostgreSQL 15 of Debian with the extension.
#
# It runs as user 999 and as no other: PostgreSQL needs a user that has a name, and
# that owns the files of the volume.  On OpenShift use an operator for PostgreSQL,
# or give the service account the SCC "nonroot-v2".
#
#   docker build -f deploy/docker/database.Dockerfile -t dpmeta-database .

FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
    gcc libc6-dev make postgresql-server-dev-15
WORKDIR /src
COPY Makefile dpmeta.control ./
COPY deploy/local/pg-config deploy/local/
COPY extension extension
RUN make install-extension DESTDIR=/image

FROM debian:bookworm-slim
# The numbers are fixed, for they own the files of a volume that outlives the
# image; and no cluster is to be made while it is built.
RUN groupadd --system --gid 999 postgres && \
    useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql \
    --shell /bin/sh postgres && \
    mkdir -p /etc/postgresql-common/createcluster.d && \
    echo 'create_main_cluster = false' \
    >/etc/postgresql-common/createcluster.d/dpmeta.conf && \
    apt-get update && \
    apt-get install -y --no-install-recommends postgresql-15 && \
    rm -rf /var/lib/apt/lists/* && \
    install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data && \
    install -d -o postgres -g postgres -m 0755 /run/postgresql
COPY --from=build /image /
COPY deploy/docker/database-start /usr/local/bin/
COPY deploy/docker/init.sql /usr/local/share/dpmeta/
USER 999:999
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin \
    PGDATA=/var/lib/postgresql/data/15
VOLUME /var/lib/postgresql/data
EXPOSE 5432
# Fast shutdown: sessions are ended, nothing is lost.
STOPSIGNAL SIGINT
# By TCP, on which the server listens only once the database is set up.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
    CMD ["pg_isready", "--quiet", "--host=127.0.0.1", "--dbname=dpmeta"]
ENTRYPOINT ["database-start"]
