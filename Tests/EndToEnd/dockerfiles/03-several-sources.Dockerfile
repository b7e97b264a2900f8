FROM scratch
COPY conf.ini run.sh secret.key /etc/app/
COPY ["conf.ini", "run.sh", "/json/"]
