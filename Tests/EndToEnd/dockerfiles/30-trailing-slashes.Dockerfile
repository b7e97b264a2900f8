FROM scratch AS files
COPY conf.ini /d/
FROM scratch
COPY --from=files /d/ /one
COPY --from=files /d /two/
COPY --from=files /d/. /three
COPY conf.ini /five/./six/../seven
