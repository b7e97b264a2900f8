import Release

/// How the versions of an ecosystem are ordered.
package enum VersionScheme: Sendable {
    /// Semantic versioning 2.0.0; Go's `v` and build metadata don't count.
    case semantic
    /// dpkg's order (deb-version(7)).
    case dpkg
    /// apk's order (apk-package(5)).
    case apk

    /// Negative where `left` comes before `right`, 0 where they are the same version, positive where it comes after.
    ///
    /// Nil where one of them isn't a version of the scheme.
    package func compare(_ left: String, _ right: String) -> Int? {
        switch self {
        case .semantic:
            guard let left = Self.semantic(left), let right = Self.semantic(right) else { return nil }
            return left < right ? -1 : right < left ? 1 : 0
        case .dpkg:
            guard let left = DebianVersion(left), let right = DebianVersion(right) else { return nil }
            return left.compare(right)
        case .apk:
            guard let left = AlpineVersion(left), let right = AlpineVersion(right) else { return nil }
            return left.compare(right)
        }
    }

    /// Whether a text is a version of the scheme.
    package func accepts(_ version: String) -> Bool { compare(version, version) != nil }

    private static func semantic(_ text: String) -> SemanticVersion? {
        let core = text.prefix { $0 != "+" }
        return SemanticVersion(core.hasPrefix("v") ? String(core.dropFirst()) : String(core))
    }
}

/// The order of two runs of digits of any length, as numbers.
func compareNumbers(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Int {
    let (left, right) = (left.drop { $0 == UInt8(ascii: "0") }, right.drop { $0 == UInt8(ascii: "0") })
    if left.count != right.count { return left.count < right.count ? -1 : 1 }
    if left.lexicographicallyPrecedes(right) { return -1 }
    return right.lexicographicallyPrecedes(left) ? 1 : 0
}

extension UInt8 {
    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    /// Whether the byte is an ASCII letter.
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
