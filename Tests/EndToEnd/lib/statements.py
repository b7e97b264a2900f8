"""Checks signed statements by libraries that aren't ours: securesystemslib verifies the envelope, in-toto-attestation the statement.

    statements.py verify PUBLIC-KEY FILE…     FILE is a sigstore bundle or a DSSE envelope
    statements.py sign STATEMENT KEY TARGET   writes an envelope by securesystemslib, and its new key's public half to KEY
"""
import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf.json_format import Parse, ParseDict
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as Message
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey

KIND = "application/vnd.in-toto+json"
PROVENANCE = "https://slsa.dev/provenance/v1"


def verify(key, path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    written = document.get("dsseEnvelope", document)
    # sigstore's verifiers refuse a keyid, and securesystemslib asks for one.
    signatures = [{"keyid": key.keyid, **signature} for signature in written["signatures"]]
    envelope = Envelope.from_dict({**written, "signatures": signatures})
    envelope.verify([key], 1)
    if envelope.payload_type != KIND:
        sys.exit(f"{path}: its payload is {envelope.payload_type}")
    statement = Parse(envelope.payload, Message())
    Statement.copy_from_pb(statement).validate()
    # Refuses members that aren't in the specification. (The library's verification summary isn't its specification's: there
    # verifiedLevels is one text, not a list.)
    if statement.predicate_type == PROVENANCE:
        ParseDict(json.loads(envelope.payload)["predicate"], Provenance())
    print(statement.predicate_type)


if sys.argv[1] == "verify":
    with open(sys.argv[2], "rb") as pem:
        public = SSlibKey.from_crypto(load_pem_public_key(pem.read()))
    for each in sys.argv[3:]:
        verify(public, each)
else:
    signer = CryptoSigner.generate_ecdsa()
    with open(sys.argv[2], "rb") as statement:
        signed = Envelope(statement.read(), KIND, {})
    signed.sign(signer)
    with open(sys.argv[3], "w", encoding="utf-8") as pem:
        pem.write(signer.public_key.keyval["public"])
    with open(sys.argv[4], "w", encoding="utf-8") as target:
        json.dump(signed.to_dict(), target)
