import JSON

/// A builder's own attestation, kept byte for byte: a DSSE envelope, or a sigstore bundle of any version around one.
///
/// What is known of it is what the statement says; certificates, entries of logs and timestamps are not checked.
package struct Provenance: Sendable, Hashable {
    /// What the bytes are.
    package enum Form: String, Sendable {
        case envelope
        case bundle
    }

    package let form: Form
    /// The document as it stood in the file.
    package let bytes: [UInt8]
    package let envelope: Envelope
    package let statement: Statement
    /// The name of the key that a bundle gives; nil for an envelope, and for a bundle with a certificate.
    package let hint: String?
    /// Whether it was signed by a certificate's key.
    package let hasCertificate: Bool

    /// The most documents of a file.
    package static let mostDocuments = 256
    /// The most bytes of a file.
    package static let largestFile = 4 * Envelope.sizeLimit

    /// The documents of a file: one, JSON lines (`.intoto.jsonl`), or GitHub's `{"attestations":[{"bundle":…}]}`.
    ///
    /// Throws where one of them isn't a signed statement.
    package static func all(in file: [UInt8], what: String) throws(AttestationError) -> [Provenance] {
        guard file.count <= largestFile else { throw .malformed(what: what, reason: "it is too long") }
        let newline = UInt8(ascii: "\n")
        // A document may have lines of its own: there are more documents only where the first line is a whole one.
        let first = Array(file.prefix { $0 != newline })
        let isOfLines = file.count > first.count && (try? JSONDocument(first, limits: limits)) != nil
        let texts = isOfLines ? file.split(separator: newline).map { Array($0) } : [file]
        var all: [Provenance] = []
        for (number, text) in zip(1..., texts) where text.contains(where: { ![0x20, 0x09, 0x0D, 0x0A].contains($0) }) {
            let what = texts.count == 1 ? what : "\(what), document \(number)"
            let object = try StrictObject(parsing: text, limit: largestFile, what: what)
            if object.has("attestations") {
                for attestation in try object.objects("attestations") {
                    guard let bundle = attestation["bundle"] else {
                        throw .malformed(what: what, reason: "an attestation has no 'bundle'")
                    }
                    all.append(try Provenance(parsing: Array(bundle.source), what: what))
                }
            } else {
                all.append(try Provenance(parsing: text, what: what))
            }
            guard all.count <= mostDocuments else {
                throw .malformed(what: what, reason: "it has more than \(mostDocuments) documents")
            }
        }
        guard !all.isEmpty else { throw .malformed(what: what, reason: "it has no attestation") }
        return all
    }

    private static let limits = JSONDocument.Limits(size: largestFile, depth: 64)

    /// Reads one document; space around it isn't part of it.
    package init(parsing bytes: [UInt8], what: String) throws(AttestationError) {
        let object = try StrictObject(parsing: bytes, limit: 2 * Envelope.sizeLimit, what: what)
        let signed: StrictObject
        if object.has("dsseEnvelope") {
            form = .bundle
            let material = try object.object("verificationMaterial")
            hint = material.has("publicKey") ? try material.object("publicKey").text("hint") : nil
            hasCertificate = material.has("certificate") || material.has("x509CertificateChain")
            signed = try object.object("dsseEnvelope")
        } else if object.has("payload") {
            (form, hint) = (.envelope, nil)
            signed = object
            hasCertificate = try object.objects("signatures").contains { $0.has("cert") }
        } else {
            throw .malformed(
                what: what,
                reason: "it is neither a DSSE envelope with a 'payload' nor a sigstore bundle with a 'dsseEnvelope'"
            )
        }
        // slsa-github-generator writes the certificate into the signature.
        envelope = try Envelope(signed, what: what, passingOver: ["cert"])
        guard envelope.payloadType == Statement.payloadType else {
            throw .malformed(what: what, reason: "its payload is '\(envelope.payloadType)', not a statement")
        }
        statement = try Statement(
            parsing: envelope.payload,
            what: "the statement of \(what)",
            types: [Statement.type, Statement.earlierType]
        )
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0D, 0x0A].contains(byte) }
        self.bytes = Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    /// Whether a signature of it is the key's.
    package func isSigned(by key: PublicKey) -> Bool {
        (hint == nil || hint == key.hint) && envelope.isSigned(by: key)
    }

    /// The builder that the predicate names, in SLSA provenance v0.2 or v1; nil where it names none.
    package var builder: String? {
        let predicate = statement.predicate
        return (predicate?["runDetails"]?["builder"] ?? predicate?["builder"])?["id"]?.string
    }
}
