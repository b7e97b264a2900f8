FROM scratch
ARG D=dest O=5 S=TERM P=81 V=/vol U=5
COPY --chown=$O:${O} --chmod=640 conf.ini /$D/
USER $U
VOLUME $V
STOPSIGNAL SIG$S
EXPOSE $P
WORKDIR /$D/sub
