FROM scratch
COPY passwd group /etc/
USER 1234:56
WORKDIR /numeric/home
USER app
WORKDIR /named/home
COPY conf.ini .
