/// Archives that are known by their first bytes and aren't read, with what to do instead.
package enum UnreadArchive: CaseIterable, Sendable {
    /// Packages of apk-tools 3 (apk-v3(5)).
    case apk3

    /// Looks at a file's first bytes; nil for what isn't known either.
    package init?(detecting prefix: some Collection<UInt8>) {
        let found = Self.allCases.first { kind in kind.signatures.contains { prefix.starts(with: $0) } }
        guard let found else { return nil }
        self = found
    }

    private var signatures: [[UInt8]] {
        switch self {
        // Uncompressed, deflated, and compressed by what the next byte says.
        case .apk3: ["ADB.", "ADBd", "ADBc"].map { Array($0.utf8) }
        }
    }

    /// What it is, for messages: "it is …".
    package var words: String {
        switch self {
        case .apk3:
            "a package of apk-tools 3 (ADB), whose files aren't read: put them by themselves, or as a tar archive"
        }
    }
}
