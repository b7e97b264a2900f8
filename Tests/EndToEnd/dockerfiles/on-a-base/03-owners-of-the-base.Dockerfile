FROM bindery-e2e/base:1
COPY --chown=app:staff conf.ini /data/new/
COPY --chown=app conf.ini run.sh /data/
USER app
WORKDIR /data/home
