package import ContentAddress

/// A signed payload: a DSSE envelope (DSSE 1.0.0, envelope.md).
package struct Envelope: Sendable, Hashable {
    /// A signature, and the name that the signer gave its key, which nobody may trust.
    package struct Signature: Sendable, Hashable {
        package let bytes: [UInt8]
        package let keyIdentifier: String?

        /// A signature.
        package init(bytes: [UInt8], keyIdentifier: String? = nil) {
            self.bytes = bytes
            self.keyIdentifier = keyIdentifier
        }
    }

    /// What the payload is: a media type.
    package let payloadType: String
    /// The signed bytes.
    package let payload: [UInt8]
    /// At least one.
    package let signatures: [Signature]

    /// The most bytes of an envelope, and of a bundle around it.
    package static let sizeLimit = 16 << 20
    /// The most signatures of one.
    private static let signatureLimit = 64

    /// Signs a payload.
    package init(signing payload: [UInt8], type: String, by signer: some Signing) throws {
        payloadType = type
        self.payload = payload
        let signature = try signer.signature(over: Self.preAuthenticationEncoding(payload, type: type))
        signatures = [Signature(bytes: signature)]
    }

    /// Reads an envelope; one with a member that stands twice, or that isn't DSSE's, is refused.
    package init(parsing bytes: [UInt8], what: String) throws(AttestationError) {
        try self.init(StrictObject(parsing: bytes, limit: Self.sizeLimit, what: what), what: what)
    }

    /// `more` are members of signatures that are passed over.
    init(_ object: StrictObject, what: String, passingOver more: Set<String> = []) throws(AttestationError) {
        try object.require(only: ["payload", "payloadType", "signatures"])
        payloadType = try object.text("payloadType")
        payload = try object.bytes("payload")
        var signatures: [Signature] = []
        for signature in try object.objects("signatures") {
            try signature.require(only: more.union(["sig", "keyid"]))
            let keyIdentifier = signature.has("keyid") ? try signature.text("keyid") : nil
            signatures.append(Signature(bytes: try signature.bytes("sig"), keyIdentifier: keyIdentifier))
        }
        guard !signatures.isEmpty else { throw .malformed(what: what, reason: "it has no signature") }
        guard signatures.count <= Self.signatureLimit else {
            throw .malformed(what: what, reason: "it has more than \(Self.signatureLimit) signatures")
        }
        self.signatures = signatures
    }

    /// What is signed: the payload with its type and both lengths (DSSE 1.0.0, protocol.md, PAE).
    package static func preAuthenticationEncoding(_ payload: [UInt8], type: String) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// Whether any of its signatures is the key's.
    package func isSigned(by key: PublicKey) -> Bool {
        let message = Self.preAuthenticationEncoding(payload, type: payloadType)
        return signatures.contains { key.verifies($0.bytes, of: message) }
    }

    /// The envelope as a value; its canonical JSON is one line, as `.intoto.jsonl` has it.
    package var json: JSONValue {
        .object([
            "payload": .string(Base64.encode(payload)),
            "payloadType": .string(payloadType),
            "signatures": .array(
                signatures.map { signature in
                    var members = ["sig": JSONValue.string(Base64.encode(signature.bytes))]
                    if let name = signature.keyIdentifier { members["keyid"] = .string(name) }
                    return .object(members)
                }
            ),
        ])
    }
}
