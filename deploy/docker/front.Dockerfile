# dpmeta-http alone: the program, its shared libraries and the certificate
# authorities, in an image with no shell and no package manager.
#
#   docker build -f deploy/docker/front.Dockerfile -t dpmeta-http .

FROM node:22-bookworm-slim AS pages
WORKDIR /src/http-front
COPY http-front/.npmrc http-front/package.json http-front/package-lock.json ./
RUN npm ci

FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
    ca-certificates gcc libc6-dev libcurl4-openssl-dev libgnutls28-dev \
    libjansson-dev libmicrohttpd-dev libpq-dev libssl-dev libyaml-dev make pkg-config \
    zlib1g-dev
WORKDIR /src
COPY http-front http-front
COPY --from=pages /src/http-front/node_modules http-front/node_modules
# Fetched already, however old the layer is that has them: a fresh clone's files
# are newer, and make would fetch them again.
RUN touch http-front/node_modules/.package-lock.json && \
    make -C http-front install DESTDIR=/image
COPY deploy/docker/collect-libraries deploy/docker/
RUN deploy/docker/collect-libraries /image/usr/local/bin/dpmeta-http /image

FROM scratch
COPY --from=build /image /
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
# Within a container the address is the container's own; what is published
# outside is the engine's matter.
ENV DPMETA_LISTEN=0.0.0.0 DPMETA_PORT=8000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s \
    CMD ["/usr/local/bin/dpmeta-http", "--health"]
ENTRYPOINT ["/usr/local/bin/dpmeta-http"]
