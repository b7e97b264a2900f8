FROM scratch AS unused
COPY secret.key /nowhere
FROM scratch AS used
COPY conf.ini /somewhere
FROM scratch
COPY --from=used / /all/
