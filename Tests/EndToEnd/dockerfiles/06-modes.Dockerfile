FROM scratch
COPY --chmod=0400 run.sh /a/run.sh
COPY --chmod=755 conf.ini /b/
COPY --chmod=0777 conf.ini /c
COPY --chmod=0 conf.ini /none
COPY secret.key /secret.key
