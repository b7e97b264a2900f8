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

    /// What is hardly meant in the rules, one line for each: a rule that keeps nothing by itself, and one that never speaks.
    package var remarks: [String] {
        rules.enumerated().flatMap { number, rule in
            var remarks: [String] = []
            if rule.keepStable == 0, rule.keepPreReleases == 0, rule.keepDays == 0, rule.keepVersions.isEmpty {
                remarks.append(
                    "rules[\(number)] keeps no release by number, time or version: keepStable, keepPreReleases, keepDays and "
                        + "keepVersions say which"
                )
            }
            let earlier = rules[..<number].flatMap(\.names)
            if rule.names.allSatisfy({ name in earlier.contains { Self.covers($0, name) } }) {
                remarks.append("rules[\(number)] never applies: an earlier rule has all of its names")
            }
            return remarks
        }
    }

    // A '?' of the one would stand for the '*' of the other.
    private static func covers(_ pattern: String, _ other: String) -> Bool {
        (!pattern.contains("?") || !other.contains("*")) && Glob(pattern).matches(other)
    }
}
