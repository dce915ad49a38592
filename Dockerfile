# Builds Sokbo and packs it alone; the database is another container (docker-compose.yml).
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked && cp target/dist/sokbo /usr/local/bin/sokbo

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/sokbo --uid 10001 sokbo
COPY --from=build /usr/local/bin/sokbo /usr/local/bin/sokbo
COPY config /etc/sokbo
USER sokbo
WORKDIR /var/lib/sokbo
ENV SOKBO_CONFIG=/etc/sokbo/sokbo.toml SOKBO_CRAWLER__DATA_DIR=/var/lib/sokbo
ENTRYPOINT ["tini", "--", "sokbo"]
CMD ["run"]
