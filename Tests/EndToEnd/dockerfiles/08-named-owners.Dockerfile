FROM scratch
COPY passwd group /etc/
COPY --chown=app conf.ini /a/b/
COPY --chown=app:staff conf.ini /c/
COPY --chown=:staff conf.ini /d
COPY --chown=65534:staff run.sh /e
