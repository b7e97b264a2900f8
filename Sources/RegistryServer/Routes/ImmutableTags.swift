import OCI
import Release

/// Which tags lead to one image for ever.
package struct ImmutableTags: Sendable {
    private let patterns: [(pattern: Glob, isOfTags: Bool)]

    /// Those that one of the patterns fits: `REPOSITORY:TAG`, or `TAG` in every repository; `*` is any text, `?` one
    /// character.
    package init(_ patterns: [String] = []) {
        self.patterns = patterns.map { (Glob($0), !$0.contains(":")) }
    }

    func contains(_ name: RepositoryName, _ tag: Tag) -> Bool {
        patterns.contains { $0.pattern.matches($0.isOfTags ? tag.text : "\(name):\(tag)") }
    }
}
