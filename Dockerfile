# syntax=docker/dockerfile:1

# GraphiQL, which the next stage puts into the binary.
FROM node:22-trixie-slim AS web
WORKDIR /web
COPY web/.npmrc web/package.json web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY web .
RUN npm run build

# The same Debian as below, so that the binary finds the glibc that it was linked with.
FROM rust:1.95-trixie AS build
WORKDIR /build
COPY . .
COPY --from=web /web/dist web/dist
# Cargo goes by times of change, and a checkout may bring files older than the cached build of
# others; so ours are always new to it. What lies in a cache is not in the image, hence the copy.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target,sharing=locked \
    find src migration web/dist -type f -exec touch {} + \
    && cargo build --release --locked \
    && cp target/release/crm-steps /

# Debian rather than an image without a shell: the C library and bash, for the health check in
# compose.yaml, are all that is needed. Authorities for TLS to PostgreSQL are in the binary.
FROM debian:trixie-slim
RUN install --directory --owner=10001 --group=10001 /data
COPY --from=build /crm-steps /usr/local/bin/
# A number, so that an orchestrator can tell that it is not root.
USER 10001:10001
# Without a DATABASE_URL the embedded database is created in the working folder.
WORKDIR /data
VOLUME /data
ENV LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
# No HEALTHCHECK: live and ready are two questions, and whoever runs the image knows which to ask:
# GET /health/live and GET /health/ready.
ENTRYPOINT ["crm-steps"]
