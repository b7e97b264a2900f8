FROM scratch
COPY *.ini /one/
COPY run.?? [s-t]ecret.* /two/
COPY c*.ini renamed.ini
