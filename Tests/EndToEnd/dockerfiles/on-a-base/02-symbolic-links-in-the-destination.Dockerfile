FROM bindery-e2e/base:1
COPY conf.ini /bin/through-a-link
COPY conf.ini /absolute/
COPY conf.ini /file-link
COPY conf.ini /dangling
COPY run.sh /bin/../lib/up
WORKDIR /bin
COPY run.sh here
