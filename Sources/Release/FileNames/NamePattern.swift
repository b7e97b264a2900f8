package import OCI

/// How the names of built files tell what they are: `{name}-{os}-{arch}` reads `mount-monitor-linux-amd64`.
package struct NamePattern: Sendable {
    /// What a file name says.
    package struct Match: Hashable, Sendable {
        package var name: String?
        package var version: String?
        package var os: String?
        package var arch: String?
        package var variant: String?
        /// The path inside the release.
        package var file: String?

        /// A name that says nothing.
        package init() {}

        /// The platforms that were named: several for a universal program of macOS, none when none was.
        package func platforms() throws(OCIError) -> [ArtifactPlatform] {
            guard let arch else { return [] }
            return try PlatformWords.platforms(os: os, architecture: arch, variant: variant).map { .platform($0) }
        }
    }

    /// What the caller knows already.
    package struct Known: Sendable {
        var name: String?
        var version: String?
        /// Whether the words for system and processor may be any.
        var hasPlatform: Bool

        package init(name: String? = nil, version: String? = nil, hasPlatform: Bool = false) {
            self.name = name
            self.version = version
            self.hasPlatform = hasPlatform
        }
    }

    enum Field: String, CaseIterable {
        case name, version, os, arch, variant, file
    }

    private enum Part: Sendable {
        case literal(Substring)
        case field(Field)
    }

    private let text: String
    private let parts: [Part]
    private let directories: Int

    /// Reads a pattern: text with fields such as `{name}`, each at most once.
    package init(_ text: String) throws(NamePatternError) {
        var parts: [Part] = []
        var seen: Set<Field> = []
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            if brace != rest.startIndex { parts.append(.literal(rest[..<brace])) }
            guard let end = rest[brace...].firstIndex(of: "}") else { throw .unclosed(pattern: text) }
            let word = String(rest[rest.index(after: brace)..<end])
            guard let field = Field(rawValue: word) else {
                throw .unknownField(word, pattern: text, known: Field.allCases.map { "{\($0)}" })
            }
            guard seen.insert(field).inserted else { throw .repeatedField(word, pattern: text) }
            parts.append(.field(field))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(rest)) }
        self.text = text
        self.parts = parts
        directories = text.filter { $0 == "/" }.count
    }

    /// What a path says.
    ///
    /// Throws where it doesn't follow the pattern, and where it can be read in several ways.
    package func read(_ path: String, _ known: Known = Known()) throws(NamePatternError) -> Match {
        let readings = NameReadings(readings(path, known)).chosen(known)
        guard let match = readings.first else {
            throw .noMatch(path: path, pattern: text, isPlatformKnown: known.hasPlatform)
        }
        guard readings.count == 1 else {
            throw .ambiguous(path: path, readings: readings.prefix(4).map(NameReadings.text))
        }
        guard known.name != nil || match.version != nil || !NameReadings.hasVersion(match.name ?? "") else {
            throw .versionInName(match.name ?? "", path: path)
        }
        return match
    }

    /// What a path says of its name or version, where the caller says something else: the field, and what was read.
    package func overruled(_ path: String, by known: Known) -> (field: String, read: String)? {
        NameReadings(readings(path, known)).overruled(by: known)
    }

    /// All ways to read a path: its last components, as many as the pattern has, or all of them for `{file}`.
    func readings(_ path: String, _ known: Known = Known()) -> [Match] {
        let components = path.split(separator: "/")
        let hasFile = parts.contains { if case .field(.file) = $0 { true } else { false } }
        let wanted = hasFile ? components.count : directories + 1
        let written = components.suffix(wanted).joined(separator: "/")
        var found: [Match] = []
        collect(written[...], parts[...], Match(), known, &found)
        // The extension of Windows' programs is not part of the pattern.
        if found.isEmpty, written.lowercased().hasSuffix(".exe") {
            collect(written.dropLast(4), parts[...], Match(), known, &found)
        }
        return found
    }

    private func collect(
        _ text: Substring,
        _ parts: ArraySlice<Part>,
        _ match: Match,
        _ known: Known,
        _ found: inout [Match]
    ) {
        guard let part = parts.first else {
            if text.isEmpty, !found.contains(match) { found.append(match) }
            return
        }
        switch part {
        case .literal(let literal):
            guard text.hasPrefix(literal) else { return }
            collect(text.dropFirst(literal.count), parts.dropFirst(), match, known, &found)
        case .field(let field):
            var end = field == .file ? text.endIndex : text.firstIndex(of: "/") ?? text.endIndex
            while end > text.startIndex {
                let word = text[..<end]
                if Self.fits(word, field, match, known) {
                    var candidate = match
                    candidate[keyPath: field.member] = String(word)
                    collect(text[end...], parts.dropFirst(), candidate, known, &found)
                }
                end = text.index(before: end)
            }
        }
    }

    private static func fits(_ word: Substring, _ field: Field, _ match: Match, _ known: Known) -> Bool {
        switch field {
        case .name, .version, .file: true
        case .os: known.hasPlatform || PlatformWords.isSystem(word)
        case .arch: known.hasPlatform || PlatformWords.isProcessor(word, of: match.os)
        case .variant: PlatformWords.isVariant(word)
        }
    }
}

extension NamePattern.Field {
    fileprivate var member: WritableKeyPath<NamePattern.Match, String?> {
        switch self {
        case .name: \.name
        case .version: \.version
        case .os: \.os
        case .arch: \.arch
        case .variant: \.variant
        case .file: \.file
        }
    }
}
