FROM bindery-e2e/base:1
ARG TARGETARCH
COPY --chmod=755 tool-linux-${TARGETARCH} /usr/bin/tool
ENTRYPOINT ["/usr/bin/tool"]
