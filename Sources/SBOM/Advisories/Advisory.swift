import JSON

/// What one advisory says of one package (OSV schema 1.7, one entry of `affected`).
struct Advisory: Sendable {
    let identifier: String
    let aliases: [String]
    let summary: String
    private let versions: Set<String>
    private let ranges: [AdvisoryRange]
    /// Whether it has a range that only a repository's commits tell.
    private let hasOtherRanges: Bool

    init(_ advisory: JSONValueView, _ identifier: String, _ affected: JSONValueView) {
        self.identifier = identifier
        aliases = (advisory["aliases"]?.elements ?? []).compactMap(\.string)
        summary = advisory["summary"]?.string ?? ""
        versions = Set((affected["versions"]?.elements ?? []).compactMap(\.string))
        let all = affected["ranges"]?.elements ?? []
        ranges = all.compactMap(AdvisoryRange.init)
        hasOtherRanges = ranges.count < all.count
    }

    /// Whether a package is affected; nil where that can't be told.
    func affects(_ package: ComparedPackage) -> Bool? {
        if versions.contains(package.version) { return true }
        var isKnown = !ranges.isEmpty || !versions.isEmpty || !hasOtherRanges
        for range in ranges {
            switch range.contains(package.version, package.scheme) {
            case true?: return true
            case false?: break
            case nil: isKnown = false
            }
        }
        return isKnown ? false : nil
    }

    /// The versions after a package's that aren't affected, the nearest first.
    func fixed(after package: ComparedPackage) -> [String] {
        let later = Set(ranges.flatMap(\.fixed)).filter { (package.scheme.compare($0, package.version) ?? 0) > 0 }
        return later.sorted { (package.scheme.compare($0, $1) ?? 0, $0) < (0, $1) }
    }
}

/// A range of versions: where a flaw was introduced, and where it was fixed.
struct AdvisoryRange: Sendable {
    private enum Event: Sendable {
        case introduced(String)
        case fixed(String)
        case lastAffected(String)

        var version: String {
            switch self {
            case .introduced(let version), .fixed(let version), .lastAffected(let version): version
            }
        }

        // At one version, an event that ends a range comes before one that begins the next.
        var rank: Int { if case .introduced = self { 1 } else { 0 } }
    }

    private let events: [Event]

    /// Nil for a range of commits.
    init?(_ range: JSONValueView) {
        guard let type = range["type"]?.string, type == "SEMVER" || type == "ECOSYSTEM" else { return nil }
        events = (range["events"]?.elements ?? []).flatMap { event -> [Event] in
            [
                event["introduced"]?.string.map(Event.introduced), event["fixed"]?.string.map(Event.fixed),
                event["last_affected"]?.string.map(Event.lastAffected),
            ].compactMap(\.self)
        }
    }

    /// The versions without the flaw.
    var fixed: [String] {
        events.compactMap { if case .fixed(let version) = $0 { version } else { nil } }
    }

    /// Whether a version is in the range; nil where a version of the range, or the one that is asked for, isn't one.
    func contains(_ version: String, _ scheme: VersionScheme) -> Bool? {
        let isOrdered = events.allSatisfy { $0.version == Self.first || scheme.accepts($0.version) }
        guard isOrdered, scheme.accepts(version) else { return nil }
        let sorted = events.sorted { left, right in
            let order = Self.compare(left.version, right.version, scheme)
            return order == 0 ? left.rank < right.rank : order < 0
        }
        var isAffected = false
        for event in sorted {
            let order = Self.compare(version, event.version, scheme)
            switch event {
            case .introduced: if order >= 0 { isAffected = true }
            case .fixed: if order >= 0 { isAffected = false }
            case .lastAffected: if order > 0 { isAffected = false }
            }
        }
        return isAffected
    }

    /// Before all versions, in `introduced`.
    private static let first = "0"

    private static func compare(_ left: String, _ right: String, _ scheme: VersionScheme) -> Int {
        if left == first || right == first { return left == right ? 0 : left == first ? -1 : 1 }
        return scheme.compare(left, right) ?? 0
    }
}
