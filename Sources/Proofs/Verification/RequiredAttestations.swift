package import ArtifactStore
import Attestation
import ContentAddress
package import ImageAuditor
package import OCI
import Printable
import Release
import SystemIO

/// The statements that an audited image must have, and by whose keys.
package struct RequiredAttestations: Sendable {
    /// A key that counts; one that was given as a file speaks of everything.
    private struct Key: Sendable {
        let name: String
        let key: PublicKey
        let trusted: TrustedKey?
    }

    private let types: [String]
    private let keys: [Key]
    private let files: [(path: String, bytes: [UInt8])]
    private let store: Store
    private let time: Timestamp

    private static let words = [
        "provenance": PredicateType.provenance, "containment": PredicateType.containment,
        "vsa": PredicateType.verification,
    ]

    /// Whether it is a word for a predicate of ours, or a predicate type.
    package static func isType(_ text: String) -> Bool {
        words[text] != nil || URIText.isURI(text)
    }

    /// The predicate type that a word stands for; any other text as it is.
    package static func type(_ text: String) -> String { words[text] ?? text }

    /// `types` are predicate types or words for those of ours; `trust` names keys of the store or files, all of the
    /// store where there is none; `files` are bundles beside those that the store keeps.
    package init(_ types: [String], trust: [String], files: [String], in store: Store, at time: Timestamp) throws {
        self.types = types.map(Self.type)
        self.store = store
        self.time = time
        self.files = try files.map { path in
            (path, try File.open(path).readBytes(limit: 2 * Envelope.sizeLimit + 1))
        }
        let known = try store.trustedKeys()
        func key(_ trusted: TrustedKey) throws -> Key {
            Key(name: trusted.name, key: try PublicKey(encoded: trusted.encoded), trusted: trusted)
        }
        keys =
            trust.isEmpty
            ? try known.map(key)
            : try trust.map { name in
                if let trusted = known.first(where: { $0.name == name }) { return try key(trusted) }
                return Key(name: name, key: try KeySource(name).publicKey(), trusted: nil)
            }
    }

    /// The audit with a finding for each type that no statement of counts; says of each other what was checked.
    package func hold(_ audit: ImageAudit, tell: (String) -> Void) throws -> ImageAudit {
        guard let digest = audit.digest else { return audit }
        var candidates = files.map { ($0.path, $0.bytes, Digest?.none) }
        candidates += try store.statements(about: digest).map { statement in
            ("the kept statement \(statement.digest.short)", statement.bytes, statement.referrer)
        }
        var missing: [(type: String, reason: String)] = []
        for type in types {
            var reasons: [String] = []
            var found: String?
            for (name, bytes, referrer) in candidates where found == nil {
                do {
                    guard let words = try verify(bytes, referrer, type, audit, digest) else { continue }
                    found = words
                } catch {
                    reasons.append("\(name): \(error)")
                }
            }
            if let found {
                tell("\(audit.reference): \(type) \(found)")
            } else {
                missing.append((type, reasons.first ?? "there is none about \(digest.short)"))
            }
        }
        return missing.isEmpty ? audit : audit.unattested(missing)
    }

    // Nil for a statement of another type.
    private func verify(
        _ bytes: [UInt8],
        _ referrer: Digest?,
        _ type: String,
        _ audit: ImageAudit,
        _ digest: Digest
    ) throws -> String? {
        let bundle = try SigstoreBundle(parsing: bytes, what: "the bundle")
        guard bundle.statement.predicateType == type else { return nil }
        guard let key = keys.first(where: { $0.key.hint == bundle.hint }) else {
            throw StatementProblem("it names a key that is not trusted")
        }
        try bundle.verify(by: key.key, what: "the bundle")
        try key.trusted?.check(signing: type, of: audit.platforms.flatMap(\.releases).map(\.name), at: time) {
            try store.loggedTime(of: referrer ?? Digest.of(bytes))
        }
        guard bundle.statement.isAbout(digest) else { throw StatementProblem("it is about something else") }
        switch type {
        case PredicateType.containment: try Containment.check(bundle.statement, against: audit)
        case PredicateType.verification: try VerificationSummary.check(bundle.statement, against: audit)
        default: return "by \(key.name): its signature"
        }
        return "by \(key.name): its signature, and what it claims"
    }
}
