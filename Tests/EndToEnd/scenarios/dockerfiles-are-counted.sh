#!/usr/bin/env bash
# The program that counts what public Dockerfiles build (docs/compatibility.md) tells its outcomes and reasons apart.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require python3 jq

# project NAME: a project's directory, with its Dockerfile on standard input.
project() {
    mkdir -p "corpus/team/$1"
    cat >"corpus/team/$1/Dockerfile.release"
}
project plain <<'END'
FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/tool docker/entrypoint.sh /usr/bin/
COPY conf /etc/tool/
RUN addgroup -S tool && adduser -S tool -G tool
USER tool
ENTRYPOINT ["/usr/bin/entrypoint.sh"]
END
printf '%s\n' docker/entrypoint.sh conf/a.yml conf/b.yml >corpus/team/plain/.tree
project exporter <<'END'
ARG ARCH="amd64"
ARG OS="linux"
FROM quay.example/busybox-${OS}-${ARCH}:latest
ARG ARCH="amd64"
ARG OS="linux"
COPY .build/${OS}-${ARCH}/exporter /bin/exporter
END
project certificates <<'END'
FROM alpine AS certs
RUN apk --no-cache add ca-certificates tzdata \
    && rm -rf /var/cache/apk/*
FROM scratch
COPY --from=certs /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY tool /
END
project packages <<'END'
FROM debian:12
RUN apt-get update && apt-get install -y git
RUN curl -fsS https://dl.example/x -o /x
COPY tool /
END
project lacking <<'END'
FROM scratch
COPY tool /
COPY --from=nowhere:1 /a /b
RUN go build ./...
END
project above <<'END'
FROM scratch
COPY tool ../../../../outside /
END
mkdir tmp
TMPDIR=$here/tmp run "$E2E_ROOT/Tests/Corpus/run" corpus --table table --messages messages
# outcome PROJECT: what is said of it.
outcome() { jq -r --arg project "team/$1" 'select(.project == $project) | [.outcome, .context, (.reasons | join("; "))] | join(", ")' <<<"$output"; }
expect_equal "$(outcome plain)" "both, true, " plain
expect_equal "$(outcome exporter)" "both, true, " exporter
expect_equal "$(outcome certificates)" \
    "without certificates, true, installs certificates, time zones or media types" certificates
expect_equal "$(outcome packages)" "context, true, installs other packages; fetches something" packages
expect_equal "$(outcome lacking)" "context, true, compiles, or uses a language's package manager" lacking
expect_equal "$(outcome above)" "refused, false, copies a name that the releases lack" above
[ -z "$(find "$here" -name outside)" ] || fail "a name led out of its directory"
expect_contains "$(<table)" "6 Dockerfiles of 6 projects"
expect_contains "$(<table)" "as written, for both platforms | 2 (33.3 %)"
expect_contains "$(<table)" "(with those above) | 3 (50.0 %)"
expect_contains "$(<messages)" "== team/packages/Dockerfile.release: context, context"
