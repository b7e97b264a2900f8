package import OCI
package import Release

/// What becomes of the tag `latest` when a release is built.
///
/// It is what people get who name no tag: never a pre-release, and never an older release than they have.
package enum LatestTag: Hashable, Sendable {
    /// It moves to the release.
    case moves
    /// The release is a pre-release.
    case staysForPreRelease
    /// The image that has the tag is of a newer release.
    case staysForNewer(ReleaseKey)

    /// What becomes of the tag that an image has which may be of any of these versions; of none where that isn't known.
    package init(for release: ReleaseKey, heldBy versions: [Version]) {
        // The image is newer only if all that it may be are; a pre-release never holds the tag against a stable
        // version.
        let newer = versions.allSatisfy { $0.isStable && Version.isOlder(release.version, than: $0) }
        if !release.version.isStable {
            self = .staysForPreRelease
        } else if newer, let oldest = versions.inOrder().first {
            self = .staysForNewer(ReleaseKey(name: release.name, version: oldest))
        } else {
            self = .moves
        }
    }

    /// The names with the tag `latest` beside other names of an image, each once and in order, but for those that it is
    /// given anyway.
    package static func references(for tags: [ImageReference]) throws(OCIError) -> [ImageReference] {
        let latest = try Tag(parsing: "latest")
        func named(_ tags: [ImageReference]) -> Set<ImageReference> {
            Set(tags.map { ImageReference(registry: $0.registry, repository: $0.repository, tag: latest) })
        }
        // A name without a tag stands for this one.
        let given = named(tags.filter { ($0.tag ?? latest) == latest })
        return named(tags).subtracting(given).sorted { $0.description < $1.description }
    }
}

extension Store {
    /// What becomes of a name with the tag `latest` when an image of a release is built.
    package func latestTag(
        _ reference: ImageReference,
        for release: ReleaseKey
    ) throws(StoreError) -> LatestTag {
        guard let image = try image(reference) else { return LatestTag(for: release, heldBy: []) }
        return LatestTag(for: release, heldBy: try explanation(of: image.digest).ordered(release.name))
    }
}
