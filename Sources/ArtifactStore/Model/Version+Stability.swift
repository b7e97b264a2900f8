extension Version {
    /// Whether it is a semantic version without a pre-release part.
    package var isStable: Bool { SemanticVersion(text)?.isPreRelease == false }

    /// Whether a version comes before another in semantic versioning's order; false where one of them doesn't follow it.
    package static func isOlder(_ version: Version, than other: Version) -> Bool {
        guard let left = SemanticVersion(version.text), let right = SemanticVersion(other.text) else { return false }
        return left < right
    }
}
