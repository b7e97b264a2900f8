package import ContentAddress
package import JSON

/// Something that is said of files: an in-toto Statement v1 (in-toto attestation framework, spec/v1/statement.md).
package struct Statement: Sendable, Hashable {
    /// What a statement is about: a name, and digests by their algorithm in hexadecimal.
    package struct Subject: Sendable, Hashable {
        package let name: String?
        package let digests: [String: String]

        /// A file or a document of a SHA-256.
        package init(name: String?, digest: Digest) {
            self.name = name
            digests = ["sha256": digest.hex]
        }

        init(_ object: StrictObject, what: String) throws(AttestationError) {
            name = object.has("name") ? try object.text("name") : nil
            digests = try object.object("digest").texts()
            guard !digests.isEmpty else { throw .malformed(what: what, reason: "a subject has no digest") }
        }

        /// Its SHA-256; nil where it has none.
        package var digest: Digest? { digests["sha256"].flatMap { try? Digest(hex: $0) } }

        var json: JSONValue {
            var members = ["digest": JSONValue.object(digests.mapValues { .string($0) })]
            if let name { members["name"] = .string(name) }
            return .object(members)
        }
    }

    /// The `_type` of a statement.
    package static let type = "https://in-toto.io/Statement/v1"
    /// The `_type` of a statement of the version before.
    package static let earlierType = "https://in-toto.io/Statement/v0.1"
    /// The payload type of a statement in an envelope.
    package static let payloadType = "application/vnd.in-toto+json"
    private static let subjectLimit = 100_000

    /// What it is about; at least one.
    package let subjects: [Subject]
    /// What kind of thing is said.
    package let predicateType: String
    /// The bytes that are signed.
    package let bytes: [UInt8]

    /// A statement of ours, in canonical JSON.
    package init(subjects: [Subject], predicateType: String, predicate: JSONValue) {
        self.subjects = subjects
        self.predicateType = predicateType
        bytes = CanonicalJSON.encode(
            .object([
                "_type": .string(Self.type),
                "predicate": predicate,
                "predicateType": .string(predicateType),
                "subject": .array(subjects.map(\.json)),
            ])
        )
    }

    /// The bytes of a statement whose predicate is a document that is written already: JSON, taken as it is.
    package static func bytes(about subjects: [Subject], type: String, document: [UInt8]) -> [UInt8] {
        let rest = CanonicalJSON.encode(
            .object(["predicateType": .string(type), "subject": .array(subjects.map(\.json))])
        )
        let head = Array("{\"_type\":\"\(self.type)\",\"predicate\":".utf8)
        let end = document.last == UInt8(ascii: "\n") ? document.dropLast() : document[...]
        return head + end + [UInt8(ascii: ",")] + rest.dropFirst()
    }

    /// Reads a statement of one of some types; `what` names it in errors.
    ///
    /// Members of subjects and predicates that aren't known are left to whoever knows them.
    package init(
        parsing bytes: [UInt8],
        what: String,
        types: [String] = [type]
    ) throws(AttestationError) {
        let object = try StrictObject(parsing: bytes, limit: Envelope.sizeLimit, what: what)
        try object.require(only: ["_type", "predicate", "predicateType", "subject"])
        let type = try object.text("_type")
        guard types.contains(type) else {
            let expected = types.joined(separator: " or ")
            throw .malformed(what: what, reason: "its _type is '\(type)'; \(expected) is expected")
        }
        predicateType = try object.text("predicateType")
        var subjects: [Subject] = []
        for subject in try object.objects("subject") { subjects.append(try Subject(subject, what: what)) }
        guard !subjects.isEmpty, subjects.count <= Self.subjectLimit else {
            throw .malformed(what: what, reason: "it has \(subjects.count) subjects")
        }
        self.subjects = subjects
        self.bytes = bytes
    }

    /// The predicate as it stands in ``bytes``, read again; nil when there is none.
    package var predicate: JSONValueView? {
        (try? JSONDocument(bytes, limits: JSONDocument.Limits(size: Envelope.sizeLimit)))?.value["predicate"]
    }

    /// Whether it is about these bytes.
    package func isAbout(_ digest: Digest) -> Bool { subjects.contains { $0.digest == digest } }

    /// The statement, signed.
    package func signed(by signer: some Signing) throws -> Envelope {
        try Envelope(signing: bytes, type: Self.payloadType, by: signer)
    }
}
