FROM scratch
ADD conf.ini run.sh /a/
ADD --chown=5:6 --chmod=600 conf.ini /b
