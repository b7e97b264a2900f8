FROM bindery-e2e/base:1
COPY conf.ini /etc/passwd
COPY conf.ini /gone/again
COPY --chmod=600 conf.ini /hard
