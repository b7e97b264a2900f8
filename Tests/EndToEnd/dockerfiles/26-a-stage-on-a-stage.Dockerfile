# buildah differs: a stage does not inherit the arguments of the stage it starts from.
FROM scratch AS base
ARG WHO=base
ENV LEVEL=1
LABEL from=base
COPY conf.ini /base/
USER 5
FROM base AS middle
ENV LEVEL=2 WHO2=$WHO
COPY run.sh /middle/
FROM middle
COPY secret.key /top/
EXPOSE 80
