/// Which releases may go, and which stay (docs/retention.md).
///
/// The first rule whose names match speaks for a name; names that no rule speaks for stay whole. A release stays when
/// any part of its rule says so.
public struct RetentionPolicy: Sendable, Hashable {
    /// What is said of some names.
    public struct Rule: Sendable, Hashable {
        /// Patterns of names, with `*` and `?`.
        public var names: [String]
        /// So many of the last stable versions stay.
        public var keepStable = 0
        /// So many of the last pre-releases, and versions that are no semantic ones, stay.
        public var keepPreReleases = 0
        /// What was put in the last so many days stays.
        public var keepDays = 0
        /// Patterns of versions that stay.
        public var keepVersions: [String] = []
        /// What an image of the store holds stays.
        public var keepInImages = true
        /// What was found in an audited image stays.
        public var keepAudited = true
    }

    /// The rules in their order.
    public var rules: [Rule]

    /// A policy of rules.
    public init(rules: [Rule]) {
        self.rules = rules
    }
}
