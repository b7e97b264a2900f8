extension Version {
    /// Whether it is a semantic version without a pre-release part.
    package var isStable: Bool { SemanticVersion(text)?.isPreRelease == false }

    /// Whether a version comes before another in semantic versioning's order; false where one of them doesn't follow
    /// it.
    package static func isOlder(_ version: Version, than other: Version) -> Bool {
        guard let left = SemanticVersion(version.text), let right = SemanticVersion(other.text) else { return false }
        return left < right
    }

    /// Whether it is the same as another version or a later one; nil where semantic versioning can't tell.
    package func isAtLeast(_ other: Version) -> Bool? {
        if self == other { return true }
        guard let own = SemanticVersion(text), let least = SemanticVersion(other.text) else { return nil }
        return !(own < least)
    }
}
