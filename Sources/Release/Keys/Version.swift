package import OCI

/// The version of a release: any tag of the OCI distribution specification 1.1, so that an image can be tagged with it.
///
/// `v1.2.3` is the version `1.2.3`, and the `+` of a semantic version is written `_`: `1.2.3+build.5` is
/// `1.2.3_build.5`.
package struct Version: Hashable, Sendable {
    /// The version as text, without a leading `v`.
    package let text: String

    /// A version from its written form.
    package init(parsing written: some StringProtocol) throws(OCIError) {
        var text = written.map { $0 == "+" ? "_" : String($0) }.joined()
        if text.first == "v", let next = text.dropFirst().first, next.isASCII, next.isNumber { text.removeFirst() }
        guard Tag.isTag(text) else {
            throw .malformed(
                what: "a version",
                text: String(written),
                rule: "1 to \(Tag.maximumLength) letters, digits, '_', '.' and '-' are expected, not led by '.' or '-'"
            )
        }
        self.text = text
    }

    /// Whether it is a pre-release by semantic versioning, such as `1.3.0-rc.1`.
    package var isPreRelease: Bool { SemanticVersion(text)?.isPreRelease ?? false }

    /// Whether it follows semantic versioning.
    package var isSemantic: Bool { SemanticVersion(text) != nil }

    /// Whether this version stands before another one in lists: by semantic versioning where both parse; those that
    /// don't parse come before those that do, and among themselves by the time they were put.
    package static func precedes(_ left: (Version, Timestamp), _ right: (Version, Timestamp)) -> Bool {
        VersionPlace(left).precedes(VersionPlace(right))
    }

    /// Items in the order of ``precedes(_:_:)``, each version read once.
    package static func inOrder<Item>(_ items: [Item], by place: (Item) -> (Version, Timestamp)) -> [Item] {
        items.map { ($0, VersionPlace(place($0))) }.sorted { $0.1.precedes($1.1) }.map(\.0)
    }
}

/// Where a version stands in lists.
private struct VersionPlace {
    let version: Version
    let time: Timestamp
    let semantic: SemanticVersion?

    init(_ place: (Version, Timestamp)) {
        (version, time) = place
        semantic = SemanticVersion(version.text)
    }

    func precedes(_ other: VersionPlace) -> Bool {
        switch (semantic, other.semantic) {
        case (let first?, let second?): first < second || (!(second < first) && version.text < other.version.text)
        case (nil, _?): true
        case (_?, nil): false
        case (nil, nil): (time, version.text) < (other.time, other.version.text)
        }
    }
}

extension Version: CustomStringConvertible {
    /// The version as text.
    package var description: String { text }
}

extension Version: Codable {
    /// Reads the version from a JSON string.
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the version as a JSON string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
