FROM scratch AS files
COPY --chown=7:8 conf.ini run.sh /in/deep/
COPY --chmod=700 secret.key /in/
FROM scratch
COPY --from=files /in /out
COPY --from=0 /in/ /again/
COPY --from=files /in/secret.key /in/deep/run.sh /flat/
