FROM scratch
COPY conf.ini /a/b/c/conf.ini
COPY conf.ini /a/b/other/
COPY conf.ini a/d
