FROM scratch AS files
COPY --chown=3:4 conf.ini /d/inner/
WORKDIR /d/empty
FROM scratch
COPY conf.ini /target/inner/first
COPY --from=files /d /target
COPY --from=files --chown=9:9 /d /owned/
COPY --from=files --chmod=711 /d /moded
COPY --from=files /d/empty /hollow
