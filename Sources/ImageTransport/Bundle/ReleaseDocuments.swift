package import ArtifactStore
import ContentAddress
import OCI
package import Release

/// A release as OCI documents: an index with one artifact manifest a file (docs/bundle-format.md).
///
/// A pure function of the release's files, so that their digests are the same in every store that has the release.
package struct ReleaseDocuments: Sendable {
    /// The index: the release.
    package let index: ImageDocument
    /// A manifest for each file, by platform.
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
        var descriptors: [Descriptor] = []
        var manifests: [ImageDocument] = []
        for file in files.sorted(by: { $0.key.platform < $1.key.platform }) {
            let manifest = try Self.document(MediaType.imageManifest, Self.manifest(of: file))
            // Without its artifactType: skopeo 1.9, which knows none in an index's descriptors, would write the index
            // anew.
            var descriptor = manifest.descriptor
            descriptor.platform = file.key.platform.platform
            manifests.append(manifest)
            descriptors.append(descriptor)
        }
        var index = ImageIndex(
            manifests: descriptors,
            annotations: [Annotation.title: release.name.text, Annotation.version: release.version.text]
        )
        index.artifactType = BundleType.release
        self.index = try Self.document(MediaType.imageIndex, index)
        self.manifests = manifests
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
                Annotation.artifactMode: octal(file.mode),
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

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private static func document(_ type: String, _ value: some Encodable) throws(TransportError) -> ImageDocument {
        do {
            return ImageDocument(mediaType: type, bytes: try CanonicalJSON.encode(value))
        } catch {
            throw .document(what: "a release's document", reason: "\(error)")
        }
    }
}
