import ArtifactStore
import ImageFileSystem

extension PlatformImage {
    /// An image as an earlier audit recorded it.
    convenience init(recorded: AuditRecord.Manifest, _ facts: ImageFacts) throws(RecordError) {
        let tree = FileTree(limits: FileTree.Limits())
        try tree.add(recorded.files, facts)
        let findings = facts.findings.map(\.finding)
        self.init(
            manifest: recorded.digest,
            config: recorded.config,
            platform: recorded.platform,
            isPlatformKnown: facts.isPlatformKnown,
            execution: facts.execution,
            annotations: facts.annotations ?? [:],
            claims: facts.claims ?? [],
            diffIDs: recorded.diffIDs,
            layers: try facts.layers.map { layer throws(RecordError) in try layer.facts() },
            findings: findings,
            doubts: findings.doubts.union(facts.doubts ?? []),
            tree: tree,
            hidden: recorded.hidden.map { item in
                (FilePath(raw: item.path), Inode(file: item.digest, layer: item.layer), item.hiddenBy)
            },
            touched: (facts.touched ?? []).map { ($0.path.path, $0.oldLayer, $0.layer) }
        )
        copies = facts.copies ?? []
    }
}
