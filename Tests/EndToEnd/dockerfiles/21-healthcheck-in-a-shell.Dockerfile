FROM scratch
COPY conf.ini /
HEALTHCHECK CMD /tool --check || exit 1
