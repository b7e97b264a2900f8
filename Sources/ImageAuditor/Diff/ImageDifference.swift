import ArtifactStore
package import ImageFileSystem
import OCI
package import Release

/// What changed from one image to another, in terms of releases first.
package struct ImageDifference: Sendable {
    /// What became of a released name on a platform.
    package struct ReleaseChange: Sendable, Hashable {
        /// The platform.
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

    /// What became of a path on a platform.
    package struct FileChange: Sendable, Hashable {
        /// What happened.
        package enum ChangeKind: String, Sendable, Codable {
            /// It wasn't there before.
            case added
            /// It is gone.
            case removed
            /// Its bytes, kind or link target are others.
            case content
            /// Only its permission bits are others.
            case mode
        }

        /// The platform.
        package let platform: String
        /// The path.
        package let path: FilePath
        /// What happened.
        package let kind: ChangeKind
    }

    /// Platforms that only the first image has.
    package let platformsRemoved: [String]
    /// Platforms that only the second image has.
    package let platformsAdded: [String]
    /// Released names of both, changed or not.
    package let releases: [ReleaseChange]
    /// Paths that differ; files whose release changed are among them.
    package let files: [FileChange]

    /// Whether the two hold the same files on the same platforms.
    package var isEmpty: Bool {
        platformsRemoved.isEmpty && platformsAdded.isEmpty && files.isEmpty && releases.allSatisfy(\.isUnchanged)
    }

    /// The difference of two audits, platform by platform.
    package init(from old: ImageAudit, to new: ImageAudit) {
        let before = Dictionary(old.platforms.map { ($0.platform, $0) }) { first, _ in first }
        let after = Dictionary(new.platforms.map { ($0.platform, $0) }) { first, _ in first }
        platformsRemoved = before.keys.filter { after[$0] == nil }.sorted()
        platformsAdded = after.keys.filter { before[$0] == nil }.sorted()
        var releases: [ReleaseChange] = []
        var files: [FileChange] = []
        for (name, left) in before.sorted(by: { $0.key < $1.key }) {
            guard let right = after[name] else { continue }
            releases += Self.releases(name, left, right)
            files += Self.files(name, left, right)
        }
        self.releases = releases
        self.files = files
    }

    private static func releases(_ platform: String, _ left: PlatformAudit, _ right: PlatformAudit) -> [ReleaseChange] {
        let before = Dictionary(grouping: left.releases, by: \.name).mapValues { $0.map(\.version) }
        let after = Dictionary(grouping: right.releases, by: \.name).mapValues { $0.map(\.version) }
        return Set(before.keys).union(after.keys).sorted().map { name in
            // Bytes may belong to several releases: one that both may be is no change.
            let common = before[name]?.last { after[name]?.contains($0) == true }
            return ReleaseChange(
                platform: platform,
                name: name.text,
                before: common ?? before[name]?.last,
                after: common ?? after[name]?.last
            )
        }
    }

    private static func files(_ platform: String, _ left: PlatformAudit, _ right: PlatformAudit) -> [FileChange] {
        let before = Dictionary(left.files.map { ($0.path, $0) }) { first, _ in first }
        let after = Dictionary(right.files.map { ($0.path, $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            let kind: FileChange.ChangeKind
            switch (before[path], after[path]) {
            case (nil, _?): kind = .added
            case (_?, nil): kind = .removed
            case (let old?, let new?):
                if old.kind != new.kind || old.digest != new.digest || old.target != new.target {
                    kind = .content
                } else if old.mode != new.mode {
                    kind = .mode
                } else {
                    return nil
                }
            case (nil, nil): return nil
            }
            return FileChange(platform: platform, path: path, kind: kind)
        }
    }
}
