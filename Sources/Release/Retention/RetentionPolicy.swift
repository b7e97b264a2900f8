/// Which releases may go, and which stay (docs/retention.md).
///
/// The first rule whose names match speaks for a name; names that no rule speaks for stay whole. A release stays when
/// any part of its rule says so.
package struct RetentionPolicy: Sendable, Hashable {
    /// What is said of some names.
    package struct Rule: Sendable, Hashable {
        /// Patterns of names, with `*` and `?`.
        package var names: [String]
        /// So many of the last stable versions stay.
        package var keepStable = 0
        /// So many of the last pre-releases, and versions that are not semantic ones, stay.
        package var keepPreReleases = 0
        /// What was put in the last so many days stays.
        package var keepDays = 0
        /// Patterns of versions that stay.
        package var keepVersions: [String] = []
        /// What an image of the store holds stays.
        package var keepInImages = true
        /// What was found in an audited image stays.
        package var keepAudited = true
    }

    /// The rules in their order.
    package var rules: [Rule]

    /// A policy of rules.
    package init(rules: [Rule]) {
        self.rules = rules
    }
}
