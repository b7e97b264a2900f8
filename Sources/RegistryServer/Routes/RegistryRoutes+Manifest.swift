import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Printable

/// Pushing manifests (OCI distribution specification 1.1, "Pushing Manifests").
extension RegistryRoutes {
    /// The most tags that one request gives.
    static let largestTagCount = 100

    /// end-7.
    func takeManifest(
        _ name: RepositoryName,
        _ reference: RegistryRoute.Reference,
        _ target: RequestTarget,
        _ request: HTTPRequestHead,
        _ caller: Caller
    ) throws -> Intake {
        try checkWritable(name)
        let tags = try Self.tags(reference, target)
        let limit = Int(ImageDocument.largestSize)
        let type = request.headers.first(name: "Content-Type")
        let tooLarge = RegistryProblem(
            status: .payloadTooLarge,
            code: .sizeInvalid,
            message: "a manifest has at most \(limit) bytes"
        )
        if let length = request.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > limit {
            throw tooLarge
        }
        return .document(limit: limit, tooLarge: Answer(tooLarge), isSlow: writes.audit != nil) { bytes in
            self.answering { try self.put(bytes, type, as: reference, tags, in: name, caller) }
        }
    }

    private func put(
        _ bytes: [UInt8],
        _ type: String?,
        as reference: RegistryRoute.Reference,
        _ tags: [Tag],
        in name: RepositoryName,
        _ caller: Caller
    ) throws -> Answer {
        var wanted: ContentName?
        if case .digest(let digest) = reference {
            guard digest.isOf(bytes) else { throw RegistryProblem.otherDigest("the manifest", "\(digest)") }
            wanted = digest
        }
        let document = ImageDocument(mediaType: try Self.mediaType(type, bytes), bytes: bytes)
        let view = try ManifestView.reading(document)
        let batch = try store.beginBatch()
        _ = try batch.add(bytes)
        if try takesRelease(view, tags, in: name) {
            try putRelease(document, tags, batch, in: name, caller)
            let tagged = wanted == nil || tags.isEmpty ? [] : [("OCI-Tag", tags.map(\.text).joined(separator: ", "))]
            return Self.created("manifests", wanted.map { "\($0)" } ?? "\(document.digest)", in: name, tagged)
        }
        var pushed = PushedManifest(
            repository: name.text,
            digest: document.digest,
            mediaType: document.mediaType,
            blobs: [document.digest: Int64(bytes.count)]
        )
        if let view { try follow(view, of: repository(name), batch, into: &pushed) }
        if case .long(let long)? = wanted { pushed.name = long }
        pushed.pusher = caller.name
        pushed.references = try tags.flatMap { try references(name, $0) }
        pushed.immutable = try tags.filter { writes.immutableTags.contains(name, $0) }.flatMap {
            try references(name, $0)
        }
        for reference in pushed.immutable { try checkImmutable(reference, document.digest) }
        if writes.isGated { try gate(document, isKnown: view != nil, tags, in: name, batch, pushed) }
        var fields: [(String, String)] = []
        if let subject = view?.subject {
            pushed.subject = "\(try Self.digest(subject.digest))"
            pushed.artifactType = view?.listedType
            fields.append(("OCI-Subject", subject.digest))
        }
        if wanted != nil, !tags.isEmpty { fields.append(("OCI-Tag", tags.map(\.text).joined(separator: ", "))) }
        try taking(document.digest, Int64(bytes.count), in: name) { try commit(batch, pushed) }
        if view != nil, !writes.isGated { record(document, tags, pushed) }
        return Self.created("manifests", wanted.map { "\($0)" } ?? "\(document.digest)", in: name, fields)
    }

    /// Writes what was pushed.
    func commit(_ batch: BlobBatch, _ pushed: PushedManifest) throws {
        do throws(StoreError) {
            try store.push(batch, pushed)
        } catch {
            switch error {
            case .collected(let digest): throw RegistryProblem.missing("\(digest)", in: pushed.repository)
            case .immutableName(let name, let image): throw RegistryProblem.immutable(name, image)
            default: throw error
            }
        }
    }

    /// Follows a manifest to what it names: all of it is a part of the repository, or missing.
    func follow(
        _ view: ManifestView,
        of repository: any Repository,
        isSparse: Bool? = nil,
        _ batch: BlobBatch,
        into pushed: inout PushedManifest
    ) throws {
        for reference in writes.isGated ? view.allContent : view.content {
            let name = try Self.digest(reference.digest)
            // What clients are told is there, and the store doesn't keep, it keeps from now on.
            if let digest = try resolve(name), case .made(let bytes)? = try repository.blob(digest) {
                try Self.check(reference, Int64(bytes.count))
                pushed.blobs[try batch.add(bytes)] = Int64(bytes.count)
                continue
            }
            guard let digest = try resolve(name), case .stored(let size)? = try repository.blob(digest) else {
                // What has no digest of ours can't be waited for.
                guard isSparse ?? writes.sparse, case .own(let own) = name else {
                    throw RegistryProblem.missing(reference.digest, in: repository.name.text)
                }
                pushed.missing.insert(own)
                continue
            }
            try Self.check(reference, size)
            pushed.blobs[digest] = size
        }
        for reference in view.manifests ?? [] {
            let name = try Self.digest(reference.digest)
            let digest = try resolve(name)
            if let digest, let member = try repository.manifest(digest) {
                try Self.check(reference, Int64(member.bytes.count))
                try add(member, of: repository, to: &pushed.blobs)
            } else if let digest, !(writes.isGated && reference.isManifest),
                case .stored(let size)? = try repository.blob(digest)
            {
                // A member that is not a manifest, which some builders add to indexes.
                try Self.check(reference, size)
                pushed.blobs[digest] = size
            } else if case .own(let own) = name, !writes.isGated {
                pushed.missing.insert(own)
            } else {
                throw RegistryProblem.missing(reference.digest, in: repository.name.text)
            }
        }
    }

    /// Adds what a manifest of the repository reaches and is there.
    private func add(
        _ manifest: ImageDocument,
        of repository: any Repository,
        to blobs: inout [Digest: Int64],
        depth: Int = 1
    ) throws {
        guard blobs.updateValue(Int64(manifest.bytes.count), forKey: manifest.digest) == nil else { return }
        guard blobs.count <= ImageOutline.maximumBlobs, depth <= Self.largestDepth else {
            throw RegistryProblem.invalidManifest(
                "it reaches more than \(ImageOutline.maximumBlobs) blobs, or indexes nested deeper than \(Self.largestDepth)"
            )
        }
        guard let view = try ManifestView.reading(manifest) else { return }
        for reference in view.content + (view.manifests ?? []) {
            guard let digest = try resolve(Self.digest(reference.digest)) else { continue }
            if reference.isManifest, let member = try repository.manifest(digest) {
                try add(member, of: repository, to: &blobs, depth: depth + 1)
            } else if !(writes.isGated && reference.isManifest), case .stored(let size)? = try repository.blob(digest) {
                blobs[digest] = size
            } else if writes.isGated {
                throw RegistryProblem.missing(reference.digest, in: repository.name.text)
            }
        }
    }

    /// How deep indexes in indexes are read: what the store takes.
    private static let largestDepth = 4

    private static func check(_ reference: ManifestView.Reference, _ size: Int64) throws(RegistryProblem) {
        guard reference.size == size else {
            throw .invalidManifest(
                "it gives \(reference.digest, limit: 160) a size of \(reference.size), and the blob has \(size) bytes"
            )
        }
    }

    private static func tags(
        _ reference: RegistryRoute.Reference,
        _ target: RequestTarget
    ) throws(RegistryProblem) -> [Tag] {
        var tags: [Tag] = []
        if case .tag(let tag) = reference { tags.append(tag) }
        for parameter in target.parameters where parameter.name == "tag" {
            guard case .digest = reference else {
                throw .badRequest("the parameter tag goes with a manifest that is pushed by its digest")
            }
            guard let tag = try? Tag(parsing: parameter.value) else {
                throw .badRequest("\(parameter.value, limit: 140) isn't a tag")
            }
            if !tags.contains(tag) { tags.append(tag) }
        }
        guard tags.count <= largestTagCount else {
            let message: Message = "a request gives \(largestTagCount) tags at most"
            throw RegistryProblem(status: .uriTooLong, code: .unsupported, message: message.text)
        }
        return tags
    }

    /// The type of a manifest: what the request says, which is what the document says where it says so.
    private static func mediaType(_ field: String?, _ bytes: [UInt8]) throws(RegistryProblem) -> String {
        let given = field.map { $0.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() } ?? ""
        let own = (try? DocumentReading<TypeView>(bytes, as: .other, what: "the manifest"))?.value
        if MediaType.isOldManifest(given) || MediaType.isOldManifest(own?.mediaType ?? "") || own?.schemaVersion == 1 {
            throw .invalidManifest("manifests of Docker's schema 1 aren't taken: push the image with a current client")
        }
        let type = given.isEmpty || given == "application/json" ? own?.mediaType ?? "" : given
        guard !type.isEmpty, type.utf8.count <= 255, type.contains("/"),
            type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .invalidManifest("its media type is expected in Content-Type") }
        return type
    }

    private struct TypeView: Decodable {
        let mediaType: String?
        let schemaVersion: Int?
    }
}
