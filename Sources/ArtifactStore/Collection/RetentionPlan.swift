import ContentAddress
import OCI
import Release

/// What a policy says of the releases of one name: a function of the policy, the releases, and what holds them.
struct RetentionPlan {
    let policy: RetentionPolicy
    let now: Timestamp
    /// The images that hold a digest.
    let images: (Digest) throws -> [String]
    /// Whether a digest was found in an audited image.
    let isAudited: (Digest) throws -> Bool
    let isPinned: (Digest) throws -> Bool

    /// Decides on all releases of one name, in the order of versions.
    func decide(_ releases: [Release]) throws -> [RetentionDecision] {
        guard let name = releases.first?.key.name.text,
            let number = policy.rules.firstIndex(where: { $0.names.contains { Glob($0).matches(name) } })
        else {
            return releases.map { .init(release: $0, isKept: true, reason: "no rule speaks for the name") }
        }
        let rule = policy.rules[number]
        let stable = releases.filter(Self.isStable)
        let others = releases.filter { !Self.isStable($0) }
        let lastStable = Set(stable.suffix(rule.keepStable).map(\.key))
        let lastOthers = Set(others.suffix(rule.keepPreReleases).map(\.key))
        return try releases.map { release in
            let reason =
                if lastStable.contains(release.key) {
                    rule.keepStable == 1
                        ? "the last stable version" : "one of the last \(rule.keepStable) stable versions"
                } else if lastOthers.contains(release.key) {
                    rule.keepPreReleases == 1
                        ? "the last pre-release" : "one of the last \(rule.keepPreReleases) pre-releases"
                } else {
                    try reason(release, rule)
                }
            guard let reason else {
                return .init(release: release, isKept: false, reason: "nothing in rules[\(number)] keeps it")
            }
            return .init(release: release, isKept: true, reason: reason)
        }
    }

    private func reason(_ release: Release, _ rule: RetentionPolicy.Rule) throws -> String? {
        let (age, overflow) = now.milliseconds.subtractingReportingOverflow(release.putAt.milliseconds)
        if rule.keepDays > 0, overflow || age < Int64(rule.keepDays) * 86_400_000 {
            return rule.keepDays == 1 ? "put in the last day" : "put in the last \(rule.keepDays) days"
        }
        if let pattern = rule.keepVersions.first(where: { Glob($0).matches(release.key.version.text) }) {
            return "its version is like '\(pattern)'"
        }
        let digests = release.artifacts.map(\.digest)
        if try digests.contains(where: isPinned) { return "it is pinned" }
        if rule.keepInImages, let image = try digests.lazy.compactMap({ try images($0).first }).first {
            return "the image \(image) holds it"
        }
        if rule.keepAudited, try digests.contains(where: isAudited) { return "an audited image holds it" }
        return nil
    }

    private static func isStable(_ release: Release) -> Bool {
        let version = SemanticVersion(release.key.version.text)
        return version.map { !$0.isPreRelease } ?? false
    }
}
