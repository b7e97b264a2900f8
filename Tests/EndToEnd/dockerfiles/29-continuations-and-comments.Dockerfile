# escape=`
FROM scratch
# a comment
COPY conf.ini `
    # in between
    run.sh `
    /a/
ENV A=b `
    C=d
