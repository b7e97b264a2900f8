package import ContentAddress
import OCI
package import Release

/// What changed from one image to another, in terms of releases first.
package struct ImageDifference: Sendable {
    /// What became of a released name on a platform.
    package struct ReleaseChange: Sendable, Hashable {
        package let platform: String
        /// The released name.
        package let name: String
        /// The version before; nil when it wasn't there.
        package let before: Version?
        /// The version after; nil when it is gone.
        package let after: Version?

        /// Whether it is the same.
        package var isUnchanged: Bool { before == after }
    }

    /// A setting that differs on a platform.
    package struct SettingChange: Sendable, Hashable {
        package let platform: String
        /// What is set, such as `Entrypoint` or `Env PATH`.
        package let setting: String
        /// The text before; nil when it wasn't set.
        package let before: String?
        /// The text after; nil when it isn't set any more.
        package let after: String?
    }

    /// One of the two images.
    package struct Side: Sendable {
        let audit: ImageAudit
        let settings: [Digest: ImageSettings]

        /// An image by its audit, and what its documents set; see ``ImageSettings/of(_:)``.
        package init(_ audit: ImageAudit, settings: [Digest: ImageSettings]) {
            self.audit = audit
            self.settings = settings
        }
    }

    /// Platforms that only the first image has.
    package let platformsRemoved: [String]
    /// Platforms that only the second image has.
    package let platformsAdded: [String]
    /// Released names of both, changed or not.
    package let releases: [ReleaseChange]
    /// What is run, with what, and what documents say, where it differs.
    package let settings: [SettingChange]
    /// Paths that differ, directories too; files whose release changed are among them.
    package let files: [FileChange]

    /// Whether the two hold the same files on the same platforms, and run them in the same way.
    package var isEmpty: Bool {
        platformsRemoved.isEmpty && platformsAdded.isEmpty && files.isEmpty && settings.isEmpty
            && releases.allSatisfy(\.isUnchanged)
    }

    /// The difference of two images, platform by platform.
    package init(from old: Side, to new: Side) {
        let before = Dictionary(old.audit.platforms.map { ($0.platform, $0) }) { first, _ in first }
        let after = Dictionary(new.audit.platforms.map { ($0.platform, $0) }) { first, _ in first }
        platformsRemoved = before.keys.filter { after[$0] == nil }.sorted()
        platformsAdded = after.keys.filter { before[$0] == nil }.sorted()
        var releases: [ReleaseChange] = []
        var files: [FileChange] = []
        var settings: [SettingChange] = []
        for (name, left) in before.sorted(by: { $0.key < $1.key }) {
            guard let right = after[name] else { continue }
            releases += Self.releases(name, left, right)
            files += Self.files(name, left, right)
            settings += Self.settings(name, old.settings[left.manifest], new.settings[right.manifest])
        }
        self.releases = releases
        self.files = files
        self.settings = settings
    }

    private static func releases(_ platform: String, _ left: PlatformAudit, _ right: PlatformAudit) -> [ReleaseChange] {
        let before = Dictionary(grouping: left.releases, by: \.name).mapValues { $0.map(\.version) }
        let after = Dictionary(grouping: right.releases, by: \.name).mapValues { $0.map(\.version) }
        return Set(before.keys).union(after.keys).sorted().map { name in
            // Bytes may belong to several releases: one that both may be is not a change.
            let common = before[name]?.last { after[name]?.contains($0) == true }
            return ReleaseChange(
                platform: platform,
                name: name.text,
                before: common ?? before[name]?.last,
                after: common ?? after[name]?.last
            )
        }
    }

    private static func settings(
        _ platform: String,
        _ left: ImageSettings?,
        _ right: ImageSettings?
    ) -> [SettingChange] {
        let (before, after) = (left?.values ?? [:], right?.values ?? [:])
        return Set(before.keys).union(after.keys).sorted().compactMap { key in
            // By code units: texts that differ by normalisation only are two texts.
            guard before[key].map({ Array($0.utf8) }) != after[key].map({ Array($0.utf8) }) else { return nil }
            return SettingChange(platform: platform, setting: key, before: before[key], after: after[key])
        }
    }
}
