import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Release

/// Looks the files of one platform's image up in the store.
struct FileMatcher {
    let store: Store
    let options: AuditOptions

    /// Looks all digests up.
    func match(_ image: ScannedImage) throws(StoreError) -> MatchedImage {
        let base = KnownBase.below(image.diffIDs, among: options.bases)

        // Of a damaged image nothing is certain, and it may have been made to have very many files.
        var found: [TreeNode] = []
        var directories: [AuditedFile] = []
        if !image.doubts.contains(.damaged) {
            image.tree.forEachNode { node in
                if node.inode.kind == .directory {
                    directories.append(AuditedFile(node.path, node.inode, .unknown, artifacts: []))
                } else {
                    found.append(node)
                }
            }
        }
        let sought = Set(found.compactMap(\.inode.digest)).union(image.hidden.compactMap(\.old.digest))
        var artifacts = try store.artifacts(withAnyOf: sought)
        // What a standing release explains is that release's.
        let withdrawn = try store.withdrawn(sought.filter { artifacts[$0] == nil })
        if !withdrawn.isEmpty {
            for inode in found.map(\.inode) + image.hidden.map(\.old) {
                guard let digest = inode.digest, let stones = withdrawn[digest] else { continue }
                artifacts[digest] = stones.map { Artifact(withdrawn: $0, size: inode.size) }
            }
            try addRemoved(Set(withdrawn.values.joined().map(\.key.release)), to: &artifacts)
        }
        let platform = image.parsedPlatform
        // What stands in the base's layers is the base's, whatever is released before or later.
        func isOfBase(_ inode: Inode) -> Bool { base.map { inode.layer < $0.diffIDs.count } ?? false }
        let names = Dictionary(options.bases.map { ($0.digest, $0.name) }) { first, _ in first }
        let copied = Dictionary(image.copies.compactMap { copy in names[copy.base].map { (copy.path.path, $0) } }) {
            first,
            _ in first
        }
        let own = Set(
            found.lazy.filter { !isOfBase($0.inode) && (copied.isEmpty || copied[$0.path] == nil) }
                .compactMap(\.inode.digest)
        )
        let explanation = ReleaseExplanation(
            own.compactMap { artifacts[$0]?.fitting(platform) },
            expected: options.expected
        )
        // Once for each content: an image may have one under any number of names, and a release's bytes many keys.
        let orders = Dictionary(
            uniqueKeysWithValues: Set(found.compactMap(\.inode.digest)).compactMap { digest in
                artifacts[digest].map { (digest, explanation.ordered($0, for: platform)) }
            }
        )
        let files = found.map { node in
            let ordered = node.inode.digest.flatMap { orders[$0] } ?? []
            let identity: FileIdentity =
                if let base, isOfBase(node.inode) {
                    .base(base.name)
                } else if !copied.isEmpty, let name = copied[node.path] {
                    .base(name)
                } else {
                    ordered.isEmpty ? .unknown : .released(ordered)
                }
            return AuditedFile(node.path, node.inode, identity, artifacts: ordered)
        }
        return MatchedImage(
            image: image,
            base: base,
            artifacts: artifacts,
            withdrawn: withdrawn,
            explanation: explanation,
            files: files,
            directories: directories
        )
    }

    // A removed release explains its files as if it were there, those too that a standing one has as well.
    private func addRemoved(
        _ releases: Set<ReleaseKey>,
        to artifacts: inout [Digest: [Artifact]]
    ) throws(StoreError) {
        for (digest, stones) in try store.withdrawn(Set(artifacts.keys)) {
            guard let standing = artifacts[digest], let size = standing.first?.size else { continue }
            let known = Set(standing.map(\.key))
            artifacts[digest] =
                standing
                + stones.filter { releases.contains($0.key.release) && !known.contains($0.key) }
                .map { Artifact(withdrawn: $0, size: size) }
        }
    }
}

extension Artifact {
    /// What was removed, as it was; its permission bits and the name of its file aren't known any more.
    fileprivate init(withdrawn stone: Tombstone, size: Int64) {
        self.init(
            key: stone.key,
            digest: stone.digest,
            size: size,
            fileName: stone.key.name.lastComponent,
            mode: 0,
            putAt: stone.removedAt,
            putBy: stone.removedBy
        )
    }
}
