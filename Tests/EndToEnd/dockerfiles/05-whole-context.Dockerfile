FROM scratch
COPY . /all/
COPY ./ /
