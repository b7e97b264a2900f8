FROM scratch
COPY conf.ini /x
COPY run.sh /x
COPY --chmod=777 secret.key /x
COPY conf.ini /dir/
COPY run.sh /dir
