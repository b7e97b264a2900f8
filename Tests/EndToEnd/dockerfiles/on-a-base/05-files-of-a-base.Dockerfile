FROM bindery-e2e/base:1 AS base
FROM scratch
COPY --from=base /data /data
COPY --from=base /bin /bin
COPY --from=base /file-link /real-file
COPY --from=bindery-e2e/base:1 --chown=1:1 /etc/passwd /hard /etc/
