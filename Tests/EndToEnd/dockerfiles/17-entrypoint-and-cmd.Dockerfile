FROM scratch
COPY conf.ini /
CMD ["lost"]
ENTRYPOINT ["/tool", "-x"]
CMD ["-a", "with \"quotes\""]
