package import ArtifactStore
import ContentAddress
import OCI
import Printable
package import Release
import SystemIO

/// A release as OCI documents: an index with one artifact manifest a file, or, where the release is more than one
/// program for each platform, one a platform (docs/bundle-format.md).
///
/// A pure function of the release's files, so that their digests are the same in every store that has the release.
package struct ReleaseDocuments: Sendable {
    /// The index: the release.
    package let index: ImageDocument
    /// The artifact type of the index.
    package let artifactType: String
    /// The manifests of its files, by platform.
    package let manifests: [ImageDocument]

    /// The config of all manifests: none.
    package static let config = ImageDocument(mediaType: MediaType.empty, bytes: Array("{}".utf8))

    /// The documents of a release whose files are in the store.
    package init(_ release: ReleaseKey, _ artifacts: [Artifact]) throws(TransportError) {
        let files = artifacts.map { artifact in
            ImportedArtifact(
                key: artifact.key,
                digest: artifact.digest,
                size: artifact.size,
                fileName: artifact.fileName,
                mode: artifact.mode,
                annotations: artifact.annotations
            )
        }
        try self.init(release, files)
    }

    /// The documents of a release.
    init(_ release: ReleaseKey, _ files: [ImportedArtifact]) throws(TransportError) {
        let isOfPrograms = files.allSatisfy(\.key.isProgram)
        artifactType = isOfPrograms ? BundleType.release : BundleType.files
        var descriptors: [Descriptor] = []
        var manifests: [ImageDocument] = []
        let groups = Dictionary(grouping: files, by: \.key.platform)
        if !isOfPrograms { try Self.checkTitles(release, files) }
        for platform in groups.keys.sorted() {
            for manifest in try Self.manifests(of: groups[platform] ?? [], release, platform, isOfPrograms) {
                // Without its artifactType: skopeo 1.9, which knows none in an index's descriptors, would write the
                // index anew.
                var descriptor = manifest.descriptor
                descriptor.platform = platform.platform
                manifests.append(manifest)
                descriptors.append(descriptor)
            }
        }
        var index = ImageIndex(
            manifests: descriptors,
            annotations: [Annotation.title: release.name.text, Annotation.version: release.version.text]
        )
        index.artifactType = artifactType
        self.index = try Self.document(MediaType.imageIndex, index)
        self.manifests = manifests
    }

    private static func manifests(
        of files: [ImportedArtifact],
        _ release: ReleaseKey,
        _ platform: ArtifactPlatform,
        _ isOfPrograms: Bool
    ) throws(TransportError) -> [ImageDocument] {
        guard isOfPrograms else {
            return [try document(MediaType.imageManifest, manifest(of: files, release, platform))]
        }
        return try files.map { file throws(TransportError) in
            try document(MediaType.imageManifest, manifest(of: file))
        }
    }

    // What was said of the file at put stands in the manifest; what we say of it in the layer's descriptor, so that the
    // one can't take the place of the other.
    private static func manifest(of file: ImportedArtifact) -> ImageManifest {
        let content = Descriptor(
            mediaType: BundleType.content,
            digest: file.digest,
            size: file.size,
            annotations: [
                Annotation.title: file.fileName,
                Annotation.artifactName: file.key.name.text,
                Annotation.artifactVersion: file.key.version.text,
                Annotation.artifactPlatform: file.key.platform.description,
                Annotation.artifactMode: FileMode.text(file.mode),
            ]
        )
        var manifest = ImageManifest(
            config: config.descriptor,
            layers: [content],
            annotations: file.annotations.isEmpty ? nil : file.annotations
        )
        manifest.artifactType = BundleType.artifact
        return manifest
    }

    static func document(_ type: String, _ value: some Encodable) throws(TransportError) -> ImageDocument {
        do {
            return ImageDocument(mediaType: type, bytes: try CanonicalJSON.encode(value))
        } catch {
            throw .document(what: "a release's document", reason: "\(error)")
        }
    }
}
