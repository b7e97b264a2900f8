package import ContentAddress

/// What an image is called: `[registry/]repository[:tag][@digest]`.
///
/// As Docker reads it, a first component with a dot, a colon or the word `localhost` is a registry
/// (distribution/reference, `normalize.go`). No registry is added where none is written.
package struct ImageReference: Hashable, Sendable {
    /// Host and port, nil when the reference names none.
    package let registry: String?
    /// The repository in the registry.
    package let repository: RepositoryName
    /// The tag, if one is written.
    package let tag: Tag?
    /// The digest, if one is written.
    package let digest: Digest?

    /// A reference from its parts.
    package init(registry: String? = nil, repository: RepositoryName, tag: Tag? = nil, digest: Digest? = nil) {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// A reference from its written form.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        var rest = String(text)
        digest = try Self.takeDigest(from: &rest)
        tag = try Self.takeTag(from: &rest)
        let slash = rest.firstIndex(of: "/")
        if let slash, Self.isRegistry(rest[..<slash]) {
            registry = String(rest[..<slash])
            repository = try RepositoryName(parsing: rest[rest.index(after: slash)...])
        } else {
            registry = nil
            repository = try RepositoryName(parsing: rest)
        }
    }

    private static func takeDigest(from text: inout String) throws(OCIError) -> Digest? {
        guard let at = text.firstIndex(of: "@") else { return nil }
        let written = text[text.index(after: at)...]
        guard let digest = try? Digest(parsing: written) else {
            throw .malformed(what: "an image reference", text: text, rule: "'@' is followed by sha256: and 64 digits")
        }
        text = String(text[..<at])
        return digest
    }

    private static func takeTag(from text: inout String) throws(OCIError) -> Tag? {
        // A colon before the last slash belongs to the registry's port.
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("/") else { return nil }
        let tag = try Tag(parsing: text[text.index(after: colon)...])
        text = String(text[..<colon])
        return tag
    }

    private static func isRegistry(_ component: Substring) -> Bool {
        // A domain begins and ends with a letter or digit: `./out.tar` is a file's path.
        let ends = [component.first, component.prefix { $0 != ":" }.last]
        guard component.hasPrefix("[") || ends.allSatisfy({ $0?.isLetter ?? false || $0?.isNumber ?? false }) else {
            return false
        }
        return (component == "localhost" || component.contains(".") || component.contains(":"))
            && component.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                    UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}

extension ImageReference: CustomStringConvertible {
    /// The written form.
    package var description: String {
        (registry.map { $0 + "/" } ?? "") + repository.text + (tag.map { ":" + $0.text } ?? "")
            + (digest.map { "@\($0)" } ?? "")
    }
}
