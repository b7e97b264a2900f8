FROM bindery-e2e/base:1
COPY conf.ini relative
ENV FROM_BASE=${FROM_BASE}-and-more PATH=$PATH:/more
LABEL more=yes
ENTRYPOINT ["/new"]
