/// Opens images by their written references.
public enum ImageSources {
    /// Opens what a location leads to.
    ///
    /// Blocks while an archive's table of contents is read, and for an engine until its answer is on disk. Throws
    /// ``TransportError/reference(_:rule:)`` for locations that are no image with a manifest (a root file system, a
    /// container) or need a store or a registry's client.
    public static func open(_ location: ImageLocation) throws(TransportError) -> any ImageSource {
        switch location {
        case .dockerArchive(let path, let reference): try DockerArchiveSource(path: path, reference: reference)
        case .dockerDaemon(let reference):
            try ContainerEngine(endpoint: .fromEnvironment()).image(reference)
        case .layout(let path, let tag): try LayoutSource(folder: path, tag: tag)
        case .layoutArchive(let path, let tag): try LayoutSource(archive: path, tag: tag)
        case .directory(let path): try SkopeoDirectorySource(path: path)
        case .rootFileSystem(let path): throw .reference("rootfs:\(path)", rule: "a root file system has no manifest")
        case .container(let id): throw .reference("docker-container:\(id)", rule: "a container has no manifest")
        case .registry(let reference):
            throw .reference(
                "docker://\(reference)",
                rule: "registries aren't read directly: fetch it first by skopeo copy"
            )
        case .store(let reference): throw .reference(reference, rule: "a bare reference needs a store")
        }
    }
}
