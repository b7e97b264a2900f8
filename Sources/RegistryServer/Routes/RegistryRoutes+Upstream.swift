import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Printable

/// Repositories that are copies of another registry's: what is asked for comes from there, is kept, and is served from here
/// when that registry doesn't answer.
extension RegistryRoutes {
    /// Brings what is asked for, where it isn't here or its tag may have moved.
    ///
    /// Throws ``RegistryProblem`` for what neither is there nor was here.
    func refresh(_ route: RegistryRoute) throws {
        guard let name = route.name, let upstream = upstream(of: name) else { return }
        switch route {
        case .manifest(_, .tag(let tag)): try refresh(tag, in: name, upstream)
        case .manifest(_, .digest(.own(let digest))):
            try upstream.turn("\(digest)") {
                guard try repository(name).manifest(digest) == nil else { return }
                try fetching("\(digest)", in: name) {
                    try keep(try upstream.open(name, "@\(digest)").root(), [], in: name, upstream)
                }
            }
        case .blob(_, .own(let digest)):
            try upstream.turn("\(digest)") {
                guard try repository(name).blob(digest) == nil, let (descriptor, image) = try naming(digest, in: name)
                else { return }
                try fetching("\(digest)", in: name) {
                    let batch = try store.beginBatch()
                    var writer = try batch.writer()
                    try upstream.blob(descriptor, of: image, in: name).copy { try writer.write($0) }
                    _ = try writer.finish()
                    try taking(digest, descriptor.size, in: name) { try store.push(batch, to: name.text) }
                }
            }
        default: return
        }
    }

    /// The registry that a repository is a copy of.
    func upstream(of name: RepositoryName) -> Upstream? { writes.upstreams.first { $0.has(name) } }

    private func refresh(_ tag: Tag, in name: RepositoryName, _ upstream: Upstream) throws {
        let text = "\(name):\(tag)"
        try upstream.turn(text) {
            let here = try store.image(named: name.text, tag: tag)
            guard here == nil || !upstream.isFresh(text) else { return }
            do {
                let document = try upstream.open(name, ":\(tag)").root()
                if document.digest != here { try keep(document, [tag], in: name, upstream) }
                upstream.note(text)
            } catch let error as TransportError {
                guard !error.isNothingThere else { throw RegistryProblem.unknownManifest(tag.text, in: name.text) }
                guard here != nil else { throw Self.problem(error, upstream) }
                // What is here goes on being served; the registry has its minute.
                let message: Message = "\(text) is served as it was: \(message: "\(error)")"
                report(message.text)
                upstream.note(text)
            }
        }
    }

    private func fetching(_ what: String, in name: RepositoryName, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as TransportError {
            // The answer is that it isn't here.
            guard !error.isNothingThere else { return }
            throw Self.problem(error, upstream(of: name))
        }
    }

    /// Keeps a manifest of another registry, with its tags; what it names comes when it is asked for.
    private func keep(_ document: ImageDocument, _ tags: [Tag], in name: RepositoryName, _ upstream: Upstream) throws {
        guard let view = try ManifestView.reading(document) else {
            throw RegistryProblem.invalidManifest("it is of a type that isn't known")
        }
        let batch = try store.beginBatch()
        _ = try batch.add(document.bytes)
        let size = Int64(document.bytes.count)
        var pushed = PushedManifest(
            repository: name.text,
            digest: document.digest,
            mediaType: document.mediaType,
            blobs: [document.digest: size]
        )
        try follow(view, of: repository(name), isSparse: true, batch, into: &pushed)
        pushed.pusher = upstream.registry
        pushed.references = try tags.flatMap { try references(name, $0) }
        try taking(document.digest, size, in: name) { try commit(batch, pushed) }
    }

    /// How a manifest of a repository names a blob that isn't there, and which one.
    private func naming(_ digest: Digest, in name: RepositoryName) throws -> (Descriptor, image: Digest)? {
        for image in try store.images(lacking: digest, in: name.text).sorted() {
            guard let document = try repository(name).manifest(image), let view = try ManifestView.reading(document),
                let found = view.content.first(where: { $0.digest == "\(digest)" })
            else { continue }
            return (Descriptor(mediaType: found.mediaType, digest: digest, size: found.size), image)
        }
        return nil
    }

    private static func problem(_ error: TransportError, _ upstream: Upstream?) -> RegistryProblem {
        let message: Message = "\(upstream?.registry ?? "the registry"): \(message: "\(error)")"
        return RegistryProblem(
            // Wrong bytes are its fault; else it may come back.
            status: error.isIntegrity ? .badGateway : .serviceUnavailable,
            code: .unknown,
            message: message.text,
            headers: error.isIntegrity ? [:] : ["Retry-After": "60"]
        )
    }
}
