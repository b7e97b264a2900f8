# buildah differs: it keeps a range of ports as one entry.
FROM scratch
COPY conf.ini /
ENV PORT=9000
EXPOSE 8080 53/udp 100-103
EXPOSE $PORT/tcp
