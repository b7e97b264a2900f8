package import Archive
package import ArtifactStore
import OCI

/// Opens images by their written references.
package enum ImageSources {
    /// Opens what a location leads to; bare references are those of the store.
    ///
    /// What has to be unpacked or listed for that, such as a compressed archive, is counted in the budget. Blocks while
    /// an archive's table of contents is read, and for an engine, a container or a root file system until its bytes are
    /// on disk. Throws ``TransportError/reference(_:rule:)`` for a registry without `registries`, and for a bare
    /// reference without a store.
    package static func open(
        _ location: ImageLocation,
        store: Store? = nil,
        registries: (any RegistryAccess)? = nil,
        budget: WorkBudget = WorkBudget()
    ) throws(TransportError) -> any ImageSource {
        switch location {
        case .dockerArchive(let path, let reference):
            return try DockerArchiveSource(path: path, reference: reference, budget: budget)
        case .dockerDaemon(let reference):
            return try engine(registries, budget).image(reference)
        case .containersStorage(let reference):
            return try ImageStorage.image(reference, budget: budget)
        case .container(let id): return try engine(registries, budget).container(id)
        case .layout(let path, let tag): return try LayoutSource(directory: path, tag: tag)
        case .layoutArchive(let path, let tag): return try LayoutSource(archive: path, tag: tag, budget: budget)
        case .directory(let path): return try SkopeoDirectorySource(path: path)
        case .rootFileSystem(let path): return try RootFileSystem.source(path, budget: budget)
        case .registry(let reference):
            guard let registries else {
                throw .unsuitable("docker://\(reference)", rule: "registries aren't read here: bindery import it first")
            }
            return try registries.source(reference)
        case .store(let text):
            guard let store else {
                throw .unsuitable(
                    text,
                    rule: ImageLocation.remark(on: text) ?? "a transport such as oci:DIR is expected"
                )
            }
            let reference: ImageReference
            do {
                reference = try ImageReference(parsing: text)
            } catch {
                throw .reference(text, rule: error.reason(against: text))
            }
            do {
                return try StoreSource(store: store, reference: reference)
            } catch .notFound(let what, let place) {
                throw .notFound(
                    what: what,
                    place: "\(place): \(ImageLocation.remark(on: text) ?? hint(reference, store))"
                )
            }
        }
    }

    // What may be meant, in one line.
    private static func hint(_ reference: ImageReference, _ store: Store) -> String {
        guard case .notFound(_, let hint?) = store.noImage(reference) else { return "it has other images" }
        return hint.split(separator: "\n").joined(separator: " ")
    }

    private static func engine(
        _ registries: (any RegistryAccess)?,
        _ budget: WorkBudget
    ) throws(TransportError) -> ContainerEngine {
        let patience = registries?.enginePatience ?? .engine
        let endpoint = try EngineEndpoint.fromEnvironment { registries?.warn($0) }
        return ContainerEngine(endpoint: endpoint, patience: patience, budget: budget)
    }
}
