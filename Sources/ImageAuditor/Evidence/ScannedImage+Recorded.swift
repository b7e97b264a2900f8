import ArtifactStore
import ImageFileSystem
import OCI

extension ScannedImage {
    /// An image as an earlier audit recorded it.
    static func recorded(_ manifest: AuditRecord.Manifest, _ facts: ImageFacts) throws(RecordError) -> ScannedImage {
        let tree = FileTree(limits: FileTree.Limits())
        try tree.add(manifest.files, facts)
        var image = ScannedImage(manifest: manifest.digest, tree: tree)
        image.isRecorded = true
        image.configDigest = manifest.config
        image.platform = manifest.platform
        image.parsedPlatform = facts.isPlatformKnown ? try? Platform(parsing: manifest.platform) : nil
        image.execution = facts.execution
        image.annotations = facts.annotations ?? [:]
        image.claims = facts.claims ?? []
        image.copies = facts.copies ?? []
        image.diffIDs = manifest.diffIDs
        for layer in facts.layers { image.layers.append(try layer.facts()) }
        for recorded in facts.findings { image.add(recorded.finding) }
        image.doubts.formUnion(facts.doubts ?? [])
        image.hidden = manifest.hidden.map { item in
            (FilePath(raw: item.path), Inode(file: item.digest, layer: item.layer), item.hiddenBy)
        }
        image.touched = (facts.touched ?? []).map { ($0.path.path, $0.oldLayer, $0.layer) }
        return image
    }
}
