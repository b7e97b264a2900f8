import ContentAddress
import JSON

/// A signed statement as verifiers of sigstore read it: a bundle v0.3 with a public key's hint instead of a
/// certificate.
///
/// Its form is the one that sigstore-go and cosign accept: one signature without a `keyid`, and no further members.
package struct SigstoreBundle: Sendable, Hashable {
    /// The media type of the bundle, in a file and as a referrer.
    package static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// The hint that names the key.
    package let hint: String
    /// The signed statement.
    package let envelope: Envelope
    /// The statement in it.
    package let statement: Statement

    /// Signs a statement.
    package init(signing statement: Statement, by signer: some Signing) throws {
        hint = signer.publicKey.hint
        envelope = try statement.signed(by: signer)
        self.statement = statement
    }

    /// Reads a bundle with a key's hint; `what` names it in errors.
    ///
    /// Whatever stock verifiers refuse or pass over is refused: certificates and log entries, a `keyid`, several
    /// signatures.
    package init(parsing bytes: [UInt8], what: String) throws(AttestationError) {
        let object = try StrictObject(parsing: bytes, limit: 2 * Envelope.sizeLimit, what: what)
        try object.require(only: ["mediaType", "verificationMaterial", "dsseEnvelope"])
        let type = try object.text("mediaType")
        guard type == Self.mediaType else {
            throw .malformed(what: what, reason: "its mediaType is '\(type)'; \(Self.mediaType) is expected")
        }
        let material = try object.object("verificationMaterial")
        try material.require(only: ["publicKey", "tlogEntries"])
        let key = try material.object("publicKey")
        try key.require(only: ["hint"])
        hint = try key.text("hint")
        if material.has("tlogEntries"), try !material.values("tlogEntries").isEmpty {
            throw .malformed(what: what, reason: "it has entries of a log, which aren't checked here")
        }
        envelope = try Envelope(try object.object("dsseEnvelope"), what: what)
        guard envelope.signatures.count == 1 else {
            throw .malformed(what: what, reason: "it has \(envelope.signatures.count) signatures; one is expected")
        }
        guard envelope.signatures[0].keyIdentifier == nil else {
            throw .malformed(what: what, reason: "its signature has a keyid, which stock verifiers refuse")
        }
        guard envelope.payloadType == Statement.payloadType else {
            throw .malformed(what: what, reason: "its payload is '\(envelope.payloadType)', not a statement")
        }
        statement = try Statement(parsing: envelope.payload, what: "the statement of \(what)")
    }

    /// Throws unless the bundle names the key and is signed by it; `what` names the bundle.
    package func verify(by key: PublicKey, what: String) throws(AttestationError) {
        guard hint == key.hint, envelope.isSigned(by: key) else {
            throw .unverified(what: what, key: key.identifier.short)
        }
    }

    /// The bundle's bytes.
    package var bytes: [UInt8] {
        CanonicalJSON.encode(
            .object([
                "dsseEnvelope": envelope.json,
                "mediaType": .string(Self.mediaType),
                "verificationMaterial": .object([
                    "publicKey": .object(["hint": .string(hint)]), "tlogEntries": .array([]),
                ]),
            ])
        )
    }
}
