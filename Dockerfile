# The development image: compiles mount-monitor from this source tree (`make docker`). Releases are made from stored
# binaries instead, by Dockerfile.release.
ARG SWIFT_IMAGE=swift:6.3-bookworm

FROM ${SWIFT_IMAGE} AS build
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
ARG VERSION=0.0.0-dev
RUN VERSION="${VERSION}" swift build -c release -Xswiftc -static-executable --product mount-monitor \
    && cp "$(VERSION="${VERSION}" swift build -c release -Xswiftc -static-executable --show-bin-path)/mount-monitor" /mount-monitor \
    && strip /mount-monitor

FROM scratch
COPY --from=build --chmod=755 /mount-monitor /mount-monitor
EXPOSE 8080
USER 65534
ENTRYPOINT ["/mount-monitor"]
