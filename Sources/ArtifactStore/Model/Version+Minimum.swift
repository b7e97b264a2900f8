extension Version {
    /// Whether it is the same as another version or a later one; nil where semantic versioning can't tell.
    package func isAtLeast(_ other: Version) -> Bool? {
        if self == other { return true }
        guard let own = SemanticVersion(text), let least = SemanticVersion(other.text) else { return nil }
        return !(own < least)
    }
}
