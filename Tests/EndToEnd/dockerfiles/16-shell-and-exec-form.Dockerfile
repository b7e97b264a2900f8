FROM scratch
COPY conf.ini /
CMD echo $HOME && exit
