/// What a key signs: each role has keys of its own, so that a statement of one kind can't stand for another.
package enum KeyRole: String, Sendable, CaseIterable, Codable {
    /// Sealed releases.
    case release
    /// How images were built, and from what.
    case builder
    /// Audits that passed.
    case audit
    /// Checkpoints of the log.
    case log
    /// Checkpoints of other logs, as their witness.
    case witness

    /// The algorithm of a new key: what cosign makes for statements, what C2SP's notes take for checkpoints.
    package var algorithm: KeyAlgorithm {
        switch self {
        case .release, .builder, .audit: .ecdsaP256
        case .log, .witness: .ed25519
        }
    }
}

extension KeyRole {
    private static let lead = "bindery key of the role "

    /// The line above a private key that says what it is for: text before the key, which readers of PEM pass over (RFC
    /// 7468, section 2).
    package var line: String { Self.lead + rawValue + "\n" }

    /// What a private key is for, where a ``line`` above it says so.
    package init?(above pem: [UInt8]) {
        let lines = pem.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        let text = lines.prefix { !$0.starts(with: "-----BEGIN".utf8) }.map { String(decoding: $0, as: UTF8.self) }
        guard let line = text.first(where: { $0.hasPrefix(Self.lead) }) else { return nil }
        self.init(rawValue: String(line.dropFirst(Self.lead.count)))
    }
}
