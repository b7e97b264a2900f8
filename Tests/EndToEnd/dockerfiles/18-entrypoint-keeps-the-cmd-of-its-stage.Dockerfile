FROM scratch AS base
COPY conf.ini /
CMD ["from-base"]
FROM base
ENTRYPOINT ["/tool"]
