FROM scratch
COPY conf.ini /
STOPSIGNAL SIGQUIT
USER app:staff
MAINTAINER Somebody <somebody@example.org>
