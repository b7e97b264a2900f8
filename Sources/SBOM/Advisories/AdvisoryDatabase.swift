import JSON

/// Why a document isn't advisories of the OSV schema.
package struct AdvisoryError: Error, CustomStringConvertible {
    package let description: String
}

/// Advisories of the OSV schema, by the packages that they are about.
package struct AdvisoryDatabase: Sendable {
    private struct Key: Hashable {
        let ecosystem: String
        let name: String
    }

    /// An advisory that a package is affected by.
    package struct Match: Sendable, Hashable {
        package let identifier: String
        package let aliases: [String]
        package let summary: String
        /// The versions after the package's that aren't affected, the nearest first.
        package let fixed: [String]
    }

    /// What the advisories say of a package, in the order of their identifiers.
    package struct Comparison: Sendable, Hashable {
        package let matches: [Match]
        /// The identifiers of advisories whose versions can't be compared with the package's.
        package let undecided: [String]
    }

    private var advisories: [Key: [Advisory]] = [:]
    /// The ecosystems that an advisory is about.
    package private(set) var ecosystems: Set<String> = []
    /// How many advisories were read.
    package private(set) var count = 0

    /// More bytes of one document aren't read.
    package static let largestDocument = 16 << 20

    /// An empty database.
    package init() {}

    /// Adds a document: an advisory, a list of them, or JSON lines of either.
    ///
    /// A withdrawn advisory is counted, and affects nothing. Throws for what isn't JSON, and for what isn't an advisory.
    package mutating func add(_ bytes: [UInt8]) throws(AdvisoryError) {
        let newline = UInt8(ascii: "\n")
        // A document may have lines of its own: there are more documents only where the first line is a whole one.
        let first = bytes.prefix { $0 != newline }
        guard bytes[first.endIndex...].contains(where: { !Self.isSpace($0) }), (try? Self.document(first)) != nil else {
            return try addDocument(bytes[...], place: "")
        }
        let lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
        for (number, line) in zip(1..., lines) where !line.allSatisfy(Self.isSpace) {
            try addDocument(line, place: "document \(number): ")
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private static func document(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSONDocument {
        try JSONDocument(Array(bytes), limits: JSONDocument.Limits(size: largestDocument))
    }

    private mutating func addDocument(_ bytes: ArraySlice<UInt8>, place: String) throws(AdvisoryError) {
        let document: JSONDocument
        do throws(JSONError) { document = try Self.document(bytes) } catch {
            throw AdvisoryError(description: "\(place)\(error)")
        }
        let advisories = document.value.kind == .array ? document.value.elements : [document.value]
        guard advisories.allSatisfy({ add($0) }) else {
            throw AdvisoryError(
                description: "\(place)it has no members 'id' and 'affected', as the OSV schema asks"
            )
        }
    }

    private mutating func add(_ advisory: JSONValueView) -> Bool {
        guard advisory.kind == .object, let identifier = advisory["id"]?.string else { return false }
        guard let affected = advisory["affected"]?.elements else {
            // `modified` is required, `affected` isn't: one without it is about no package.
            return advisory["modified"]?.string != nil || advisory["withdrawn"]?.string != nil
        }
        count += 1
        for entry in affected {
            guard let ecosystem = entry["package"]?["ecosystem"]?.string, let name = entry["package"]?["name"]?.string
            else { continue }
            ecosystems.insert(ecosystem)
            guard advisory["withdrawn"]?.string == nil else { continue }
            advisories[Key(ecosystem: ecosystem, name: name), default: []]
                .append(Advisory(advisory, identifier, entry))
        }
        return true
    }

    /// What the advisories say of a package; nil where none is about its ecosystem.
    package func comparison(with package: ComparedPackage) -> Comparison? {
        guard ecosystems.contains(package.ecosystem) else { return nil }
        var matches: [String: Match] = [:]
        var undecided: Set<String> = []
        for advisory in advisories[Key(ecosystem: package.ecosystem, name: package.name)] ?? [] {
            switch advisory.affects(package) {
            case false?: break
            case nil: undecided.insert(advisory.identifier)
            case true?:
                let known = matches[advisory.identifier]
                matches[advisory.identifier] = Match(
                    identifier: advisory.identifier,
                    aliases: advisory.aliases,
                    summary: advisory.summary,
                    fixed: known?.fixed ?? advisory.fixed(after: package)
                )
            }
        }
        return Comparison(
            matches: matches.values.sorted { $0.identifier < $1.identifier },
            undecided: undecided.subtracting(matches.keys).sorted()
        )
    }
}
