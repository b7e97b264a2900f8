FROM scratch
COPY --chown=1000 conf.ini /a/b/
COPY --chown=1000:50 conf.ini /c/
COPY --chown=0:7 conf.ini /d
COPY --chown=:9 conf.ini /e
