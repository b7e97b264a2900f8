FROM scratch
WORKDIR /srv/app
COPY conf.ini .
COPY conf.ini ./sub/
COPY run.sh bin/run
WORKDIR data
WORKDIR ../logs
COPY conf.ini ../up.ini
