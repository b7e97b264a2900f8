FROM scratch
VOLUME /data /log
VOLUME ["/with space", "/x"]
COPY conf.ini /data/conf.ini
