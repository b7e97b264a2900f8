FROM scratch
COPY tool /usr/bin/
COPY --chmod=700 ./tool run.sh /opt/
ENTRYPOINT ["/usr/bin/tool"]
