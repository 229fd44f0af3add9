# syntax=docker/dockerfile:1

# The pages, which the next stage embeds in the binary. Their types are generated from the schema.
FROM node:22-trixie-slim AS web
WORKDIR /build/web
COPY web/.npmrc web/package.json web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY schema.graphql /build/
COPY samples /build/samples
COPY web .
RUN npm run build

# The same Debian as below, so that the binary runs with the glibc that it was linked with.
FROM rust:1.95-trixie AS build
WORKDIR /build
COPY . .
COPY --from=web /build/web/dist web/dist
# Cargo compares modification times, and files of a checkout may be older than the cached build of other
# ones, so they are touched. Files in a cache are not in the image, so the binary is copied.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target,sharing=locked \
    find build migration samples schema.graphql src web/dist -type f -exec touch {} + \
    && CRM_STEPS_WEB=skip cargo build --release --locked \
    && cp target/release/crm-steps /

# Debian rather than an image without a shell: the binary needs the C library, and the health check in
# compose.yaml needs bash. The binary contains the certificate authorities for TLS to PostgreSQL.
FROM debian:trixie-slim
RUN install --directory --owner=10001 --group=10001 /data
COPY --from=build /crm-steps /usr/local/bin/
# Numeric, so that an orchestrator can check that it is not root.
USER 10001:10001
# Without a DATABASE_URL the embedded database is created in the working folder.
WORKDIR /data
VOLUME /data
ENV LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
# No HEALTHCHECK, because it depends on the deployment whether liveness (GET /health/live) or readiness
# (GET /health/ready) is meant.
ENTRYPOINT ["crm-steps"]
