import ArtifactStore
import ContentAddress
import OCI
import Release

extension ReleaseDocuments {
    /// The files that a release's documents tell of.
    ///
    /// The documents must be those that this program would write, byte for byte: only then has the release the same
    /// digest in every store. Throws what is wrong, and in which document.
    static func read(_ source: some ImageSource) throws(TransportError) -> [ImportedArtifact] {
        let root = try source.root()
        let index = try root.index()
        let release = try key(of: index, root)
        var files: [ImportedArtifact] = []
        var keys: Set<ArtifactKey> = []
        for descriptor in index.manifests {
            let found =
                index.artifactType == BundleType.files
                ? try self.files(descriptor, of: release, source) : [try self.file(descriptor, of: release, source)]
            for file in found {
                guard keys.insert(file.key).inserted else { throw wrong(root, "it has two files \(file.key)") }
            }
            files += found
        }
        guard !files.isEmpty else { throw wrong(root, "it has no files") }
        guard try ReleaseDocuments(release, files).index.bytes == root.bytes else {
            throw wrong(root, "it isn't written as docs/bundle-format.md says: another program made or changed it")
        }
        return files
    }

    static func key(of index: ImageIndex, _ root: ImageDocument) throws(TransportError) -> ReleaseKey {
        guard let name = index.annotations?[Annotation.title], let version = index.annotations?[Annotation.version]
        else { throw wrong(root, "the annotations \(Annotation.title) and \(Annotation.version) are missing") }
        do {
            return ReleaseKey(name: try RepositoryName(parsing: name), version: try Version(parsing: version))
        } catch {
            throw wrong(root, "\(error)")
        }
    }

    private static func file(
        _ descriptor: Descriptor,
        of release: ReleaseKey,
        _ source: some ImageSource
    ) throws(TransportError) -> ImportedArtifact {
        guard descriptor.mediaType == MediaType.imageManifest else {
            throw .document(what: "the release \(release)", reason: "it holds a \(descriptor.mediaType)")
        }
        let document = try source.document(descriptor)
        let manifest = try document.manifest()
        guard manifest.artifactType == BundleType.artifact else {
            let type = manifest.artifactType ?? "missing"
            throw wrong(document, "its artifactType is \(type), not \(BundleType.artifact)")
        }
        guard manifest.config == config.descriptor else { throw wrong(document, "its config isn't the empty one") }
        guard manifest.layers.count == 1, let layer = manifest.layers.first, layer.mediaType == BundleType.content
        else {
            throw wrong(document, "one layer of the type \(BundleType.content) is expected")
        }
        let platform = try self.platform(descriptor, layer, document)
        guard layer.annotations?[Annotation.artifactName] == release.name.text,
            layer.annotations?[Annotation.artifactVersion] == release.version.text
        else { throw wrong(document, "it is a file of another release than \(release)") }
        guard let title = layer.annotations?[Annotation.title], ReleasePath.isComponent(title) else {
            throw wrong(document, "\(Annotation.title) is not a file's name")
        }
        guard let mode = layer.annotations?[Annotation.artifactMode].flatMap({ UInt16($0, radix: 8) }), mode <= 0o777
        else { throw wrong(document, "\(Annotation.artifactMode) isn't octal up to 0777") }
        guard layer.size >= 0 else { throw wrong(document, "the size of its file is \(layer.size)") }
        return ImportedArtifact(
            key: ArtifactKey(name: release.name, version: release.version, platform: platform),
            digest: layer.digest,
            size: layer.size,
            fileName: title,
            mode: mode,
            annotations: manifest.annotations ?? [:]
        )
    }

    private static func platform(
        _ descriptor: Descriptor,
        _ layer: Descriptor,
        _ document: ImageDocument
    ) throws(TransportError) -> ArtifactPlatform {
        guard let text = layer.annotations?[Annotation.artifactPlatform],
            let platform = try? ArtifactPlatform(parsing: text), platform.platform == descriptor.platform
        else { throw wrong(document, "\(Annotation.artifactPlatform) isn't the platform that the index gives") }
        return platform
    }

    static func wrong(_ document: ImageDocument, _ reason: String) -> TransportError {
        let kind = MediaType.isIndex(document.mediaType) ? "release" : "artifact manifest"
        return .document(what: "the \(kind) \(document.digest.short)", reason: reason)
    }
}
