FROM scratch AS files
ARG TARGETPLATFORM
COPY $TARGETPLATFORM /all/
COPY ${TARGETPLATFORM}/tool /one/
FROM scratch
ARG TARGETPLATFORM
COPY --from=files / /
COPY linux/arm64/tool /others/
COPY ["too?", "/pattern/"]
