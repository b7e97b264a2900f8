FROM scratch
ENV A=1 B="two words" C=th\ ree D='four $A'
ENV A=changed E=$A F=${A}x G=${NONE:-default} H=${A:+set}
ENV old form with spaces
ENV PATH=/bin
COPY conf.ini /$E/${NONE:-x}/
WORKDIR /$B
