FROM scratch
COPY conf.ini /
HEALTHCHECK --interval=1m30s --timeout=2500ms --start-period=5s --retries=4 CMD ["/tool", "--check"]
