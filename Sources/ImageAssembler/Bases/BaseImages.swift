import Archive
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI

/// Finds base images in the store, and reads each once for a build.
final class BaseImages {
    private struct Request: Hashable {
        let name: String
        let platform: Platform
    }

    private let store: Store
    private var found: [Request: BaseImage] = [:]
    /// The small files that builds look into, by where they are.
    private var texts: [FileContent: [UInt8]] = [:]

    init(store: Store) {
        self.store = store
    }

    /// What a file of a base holds, where it was kept when the base was read.
    func text(_ content: FileContent) -> [UInt8]? { texts[content] }

    /// The longest manifest or config that is read, in bytes.
    private static let longestDocument = 4 << 20

    /// The image of a reference for a platform.
    ///
    /// Throws when the store has no such image, or not for this platform.
    func find(_ name: String, _ platform: Platform) throws(PlanProblem.Kind) -> BaseImage {
        let request = Request(name: name, platform: platform)
        if let known = found[request] { return known }
        let image = try read(name, platform)
        found[request] = image
        return image
    }

    /// The triggers (`ONBUILD`) of the image of a reference for a platform, of which no layer is read.
    func triggers(of name: String, _ platform: Platform) throws(PlanProblem.Kind) -> [String] {
        try documents(name, platform).config.config?.onBuild ?? []
    }

    /// What is read of an image before its layers.
    private struct Documents {
        let identity: BaseIdentity
        let manifest: ImageManifest
        let config: ImageConfig
    }

    private func documents(_ name: String, _ platform: Platform) throws(PlanProblem.Kind) -> Documents {
        let image = try stored(name)
        let manifest: ImageManifest
        var digest = image.digest
        var declared: Platform?
        if MediaType.isIndex(image.mediaType) {
            let chosen = try choose(members(of: image, name), platform, name)
            digest = chosen.digest
            declared = chosen.platform
            manifest = try decode(digest, .manifest, chosen.mediaType, "a manifest of '\(name)'")
        } else {
            manifest = try decode(digest, .manifest, image.mediaType, "the manifest of '\(name)'")
        }
        let configType = manifest.config.mediaType
        guard MediaType.standsForConfig(configType) else {
            throw .ambiguousSource(
                "the base image '\(name)' is an artifact to some engines: its config is a '\(configType)'"
            )
        }
        let config: ImageConfig = try decode(
            manifest.config.digest,
            .config,
            configType,
            "the config of '\(name)'"
        )
        // Engines go by the index where the config says nothing, and take an image that nothing is said of.
        let isSilent = config.os.isEmpty || config.architecture.isEmpty
        let isUnsaid =
            isSilent && declared == nil && config.saysNothing(against: platform)
        guard let own = isUnsaid ? platform : isSilent ? declared : try? config.platform, platform.accepts(own) else {
            let words = "\(config.os.isEmpty ? "no system" : config.os)/\(config.architecture)"
            let claim = (try? config.platform)?.description ?? words
            throw .failed("the base image '\(name)' is for \(claim), not for \(platform)")
        }
        let identity = BaseIdentity(name: name, digest: image.digest, manifest: digest)
        return Documents(identity: identity, manifest: manifest, config: config)
    }

    private func read(_ name: String, _ platform: Platform) throws(PlanProblem.Kind) -> BaseImage {
        let documents = try documents(name, platform)
        let (manifest, config) = (documents.manifest, documents.config)
        guard config.rootfs.diffIDs.count == manifest.layers.count else {
            let counts = "\(manifest.layers.count) layers and \(config.rootfs.diffIDs.count) diff_ids"
            throw .failed("the base image '\(name)' has \(counts)")
        }
        let layers = zip(manifest.layers, config.rootfs.diffIDs).map { (descriptor: $0, diffID: $1) }
        var reader = BaseReader(store: store)
        let files = try reader.read(layers, name)
        texts.merge(reader.texts) { $1 }
        return BaseImage(
            identity: documents.identity,
            config: config,
            members: try members(ofConfig: manifest.config.digest, name),
            layers: layers,
            files: files
        )
    }

    private func members(ofConfig digest: Digest, _ name: String) throws(PlanProblem.Kind) -> BaseMembers {
        do {
            return try BaseMembers(store.readBlob(digest, limit: Self.longestDocument))
        } catch {
            throw .failed("the config of '\(name)' can't be carried over: \(error)")
        }
    }

    private func stored(_ name: String) throws(PlanProblem.Kind) -> StoredImage {
        do {
            if let image = try store.image(ImageReference(parsing: name)) { return image }
        } catch {
            throw .failed("the base image '\(name)': \(error)")
        }
        throw .failed(
            "the base image '\(name)' is not in the store: `bindery import docker://\(name) -t \(name) --as-base` takes it from its registry"
        )
    }

    private func members(of image: StoredImage, _ name: String) throws(PlanProblem.Kind) -> [Descriptor] {
        do {
            let reference = ImageReference(repository: try RepositoryName(parsing: "base"), digest: image.digest)
            return try IndexMembers.all(of: StoreSource(store: store, reference: reference))
        } catch {
            throw .failed("the base image '\(name)': \(error)")
        }
    }

    private func choose(
        _ members: [Descriptor],
        _ platform: Platform,
        _ name: String
    ) throws(PlanProblem.Kind) -> Descriptor {
        let matching = members.filter { $0.platform.map(platform.accepts) ?? false }
        let exact = matching.filter { $0.platform == platform }
        // Engines take the first of several, and skip different ones before they choose.
        guard Set(exact.map(\.digest)).count <= 1 else {
            throw .failed(
                "the base image '\(name)' has several images for \(platform): import the one that is meant by its digest, "
                    + "and name that"
            )
        }
        if let best = exact.first ?? matching.first { return best }
        let has = members.compactMap(\.platform).filter { $0.os != "unknown" }.map(\.description)
        throw .failed(
            "the base image '\(name)' has no \(platform): it has \(has.isEmpty ? "no platform" : has.joined(separator: ", "))"
        )
    }

    private func decode<Value: Decodable>(
        _ digest: Digest,
        _ kind: DocumentKind,
        _ mediaType: String,
        _ what: String
    ) throws(PlanProblem.Kind) -> Value {
        do {
            let bytes = try store.readBlob(digest, limit: Self.longestDocument)
            return try DocumentReading<Value>.decode(bytes, as: kind, mediaType: mediaType, what: what)
        } catch let error as OCIError {
            throw .failed("\(error)")
        } catch {
            throw .failed("\(what) can't be read: \(error)")
        }
    }
}
