import ArtifactStore
import OCI
import Release

/// How the names of built files tell what they are: `{name}-{os}-{arch}` reads `mount-monitor-linux-amd64`.
struct NamePattern {
    /// What a file name says.
    struct Match: Equatable {
        var name: String?
        var version: String?
        var os: String?
        var arch: String?
        var variant: String?

        /// The platform that was named; nil when none was.
        func platform() throws(OCIError) -> ArtifactPlatform? {
            guard let arch else { return nil }
            return .platform(try Platform(os: os ?? "linux", architecture: arch, variant: variant))
        }
    }

    private enum Part: Equatable {
        case literal(Substring)
        case field(WritableKeyPath<Match, String?>, isWord: Bool)
    }

    private let parts: [Part]

    init(_ text: String) throws {
        let fields: [String: (WritableKeyPath<Match, String?>, Bool)] = [
            "name": (\.name, false), "version": (\.version, false), "os": (\.os, true), "arch": (\.arch, true),
            "variant": (\.variant, true),
        ]
        var parts: [Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            if brace != rest.startIndex { parts.append(.literal(rest[..<brace])) }
            guard let end = rest[brace...].firstIndex(of: "}") else {
                throw UsageError(description: "the pattern '\(text)' has a '{' without '}'")
            }
            let field = String(rest[rest.index(after: brace)..<end])
            guard let (path, isWord) = fields[field] else {
                let known = fields.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")
                throw UsageError(description: "the pattern '\(text)' has '{\(field)}', and only \(known) are known")
            }
            parts.append(.field(path, isWord: isWord))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(rest)) }
        self.parts = parts
    }

    /// What a file name says; nil when it doesn't follow the pattern.
    ///
    /// Names and versions take as much as they can.
    func match(_ fileName: String) -> Match? {
        match(fileName[...], parts[...], Match())
    }

    private func match(_ text: Substring, _ parts: ArraySlice<Part>, _ match: Match) -> Match? {
        guard let part = parts.first else { return text.isEmpty ? match : nil }
        switch part {
        case .literal(let literal):
            return text.hasPrefix(literal) ? self.match(text.dropFirst(literal.count), parts.dropFirst(), match) : nil
        case .field(let field, let isWord):
            let longest = isWord ? text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } : text
            var end = longest.endIndex
            while end > text.startIndex {
                var candidate = match
                candidate[keyPath: field] = String(text[..<end])
                if let found = self.match(text[end...], parts.dropFirst(), candidate) { return found }
                end = text.index(before: end)
            }
            return nil
        }
    }
}
