# buildah differs: its CMD and ENTRYPOINT take /bin/sh whatever SHELL says.
FROM scratch
COPY conf.ini /
SHELL ["/bin/busybox", "sh", "-c"]
CMD run me
ENTRYPOINT start me
