#!/usr/bin/env bash
# Makes a cluster's certificates in a directory: certificates.sh DIRECTORY NAMES [START END]
#   DIRECTORY/ca.crt          the authority
#   DIRECTORY/server.crt, .key    the API server's, for NAMES ("IP:127.0.0.1,DNS:kubernetes"), valid from START to END
#                              (YYYYMMDDHHMMSSZ; by default from yesterday for ten years)
set -euo pipefail
cd "$1"
names=$2
start=${3:-$(date -u -d yesterday +%Y%m%d%H%M%SZ)}
end=${4:-$(date -u -d '10 years' +%Y%m%d%H%M%SZ)}
touch index.txt
cat > ca.conf <<CONF
[ca]
default_ca = cluster
[cluster]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
[anything]
commonName = supplied
[server]
basicConstraints = CA:FALSE
subjectAltName = $names
extendedKeyUsage = serverAuth
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = none
[none]
CONF
openssl req -config ca.conf -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt \
    -subj /CN=cluster-ca -days 3650 -extensions authority
openssl req -config ca.conf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr \
    -subj /CN=kube-apiserver
openssl ca -config ca.conf -batch -notext -cert ca.crt -keyfile ca.key -in server.csr -out server.crt \
    -extensions server -startdate "$start" -enddate "$end"
