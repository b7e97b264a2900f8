FROM scratch
COPY conf.ini /
LABEL a=b "c d"="e f" g='h "i"'
LABEL multi="one \
two"
LABEL old value of three words
LABEL a=changed empty=""
