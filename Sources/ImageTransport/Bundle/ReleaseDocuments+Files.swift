import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release
import SystemIO

/// A release of several files: one manifest for each platform, one layer for each file.
extension ReleaseDocuments {
    /// The manifest of one platform's files.
    static func manifest(
        of files: [ImportedArtifact],
        _ release: ReleaseKey,
        _ platform: ArtifactPlatform
    ) -> ImageManifest {
        let layers = files.sorted { $0.key.file < $1.key.file }.map { file in
            Descriptor(
                mediaType: BundleType.content,
                digest: file.digest,
                size: file.size,
                annotations: [
                    Annotation.title: file.key.pathByPlatform,
                    Annotation.artifactFile: String(
                        decoding: CanonicalJSON.encode(description(of: file)),
                        as: UTF8.self
                    ),
                ]
            )
        }
        var manifest = ImageManifest(
            config: config.descriptor,
            layers: layers,
            annotations: [
                Annotation.artifactName: release.name.text,
                Annotation.artifactVersion: release.version.text,
                Annotation.artifactPlatform: platform.description,
            ]
        )
        manifest.artifactType = BundleType.platformFiles
        return manifest
    }

    private static func description(of file: ImportedArtifact) -> JSONValue {
        .object([
            "path": .string(file.key.file.text),
            "fileName": .string(file.fileName),
            "mode": .string(FileMode.text(file.mode)),
            "annotations": .object(file.annotations.mapValues { .string($0) }),
        ])
    }

    /// `oras pull` writes each file under its title, and refuses one that two files have.
    static func checkTitles(_ release: ReleaseKey, _ files: [ImportedArtifact]) throws(TransportError) {
        // By bytes: two forms of Unicode are one text and two files.
        var titles: [[UInt8]: ArtifactKey] = [:]
        for file in files {
            let title = Array(file.key.pathByPlatform.utf8)
            guard let other = titles.updateValue(file.key, forKey: title) else { continue }
            throw .document(
                what: "the release \(release)",
                reason: "\(other) and \(file.key) would both be called \(file.key.pathByPlatform)"
            )
        }
    }

    /// The files that a platform's manifest tells of.
    static func files(
        _ descriptor: Descriptor,
        of release: ReleaseKey,
        _ source: some ImageSource
    ) throws(TransportError) -> [ImportedArtifact] {
        guard descriptor.mediaType == MediaType.imageManifest else {
            throw .document(what: "the release \(release)", reason: "it holds a \(descriptor.mediaType)")
        }
        let document = try source.document(descriptor)
        let manifest = try document.manifest()
        guard manifest.artifactType == BundleType.platformFiles else {
            let type = manifest.artifactType ?? "missing"
            throw wrong(document, "its artifactType is \(type), not \(BundleType.platformFiles)")
        }
        guard let text = manifest.annotations?[Annotation.artifactPlatform],
            let platform = try? ArtifactPlatform(parsing: text), platform.platform == descriptor.platform
        else { throw wrong(document, "\(Annotation.artifactPlatform) isn't the platform that the index gives") }
        return try manifest.layers.map { layer throws(TransportError) in
            guard layer.mediaType == BundleType.content, layer.size >= 0 else {
                throw wrong(document, "layers of the type \(BundleType.content) are expected")
            }
            guard let file = file(layer, release, platform) else {
                throw wrong(document, "\(Annotation.artifactFile) has no path, fileName, mode and annotations")
            }
            return file
        }
    }

    private static func file(
        _ layer: Descriptor,
        _ release: ReleaseKey,
        _ platform: ArtifactPlatform
    ) -> ImportedArtifact? {
        guard let text = layer.annotations?[Annotation.artifactFile],
            case .object(let members)? = try? JSONValue(parsing: Array(text.utf8)),
            case .string(let written)? = members["path"], let path = try? ReleasePath(parsing: written),
            case .string(let name)? = members["fileName"], ReleasePath.isComponent(name),
            case .string(let octal)? = members["mode"], let mode = UInt16(octal, radix: 8), mode <= 0o777,
            case .object(let all)? = members["annotations"]
        else { return nil }
        var annotations: [String: String] = [:]
        for (key, value) in all {
            guard case .string(let text) = value else { return nil }
            annotations[key] = text
        }
        return ImportedArtifact(
            key: ArtifactKey(name: release.name, version: release.version, platform: platform, file: path),
            digest: layer.digest,
            size: layer.size,
            fileName: name,
            mode: mode,
            annotations: annotations
        )
    }
}
