# The triggers copy what the context has for this file's own instructions.
FROM bindery-e2e/triggers:1
ENV LATER=$NAME
COPY tool-linux-amd64 conf.ini ./own/
ENTRYPOINT ["/data/app/tool-linux-amd64"]
