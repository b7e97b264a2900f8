import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import Printable
import Release

/// Pushing blobs (OCI distribution specification 1.1, "Pushing blobs").
extension RegistryRoutes {
    /// end-4 and end-11: begins an upload, takes a whole blob, or mounts one.
    func beginUpload(_ name: RepositoryName, _ target: RequestTarget, _ caller: Caller) throws -> Intake {
        try checkWritable(name)
        let query = target.query
        if let mounted = query["mount"] {
            if let answer = try mount(mounted, from: query["from"], to: name, caller) { return .answered(answer) }
        } else if let text = query["digest"] {
            let digest = try Self.digest(text)
            let upload = try open(try newUpload(name, caller), in: name, caller)
            return .upload(
                UploadSink(upload, .removed, failure: failure) { upload, _ in
                    self.answering { try self.complete(upload, as: digest, in: name) }
                }
            )
        }
        if let algorithm = query["digest-algorithm"], !["sha256", "sha512"].contains(algorithm) {
            throw RegistryProblem.unsupportedDigest(algorithm)
        }
        return .answered(Self.accepted(try newUpload(name, caller), size: 0, in: name))
    }

    /// end-5: takes a chunk.
    func takeChunk(
        _ id: UploadID,
        _ name: RepositoryName,
        _ request: HTTPRequestHead,
        _ caller: Caller
    ) throws -> Intake {
        try checkWritable(name)
        let upload = try open(id, in: name, caller)
        let range = try Self.range(request, at: upload, in: name)
        return .upload(
            UploadSink(upload, range == nil ? .kept : .cut, failure: failure) { upload, start in
                self.answering {
                    try Self.check(range, upload, start)
                    return Self.accepted(upload.id, size: upload.size, in: name)
                }
            }
        )
    }

    /// end-6: takes the last chunk, where there is one, and makes the upload a blob.
    func endUpload(
        _ id: UploadID,
        _ name: RepositoryName,
        _ target: RequestTarget,
        _ request: HTTPRequestHead,
        _ caller: Caller
    ) throws -> Intake {
        try checkWritable(name)
        guard let text = target.query["digest"] else { throw RegistryProblem.missingDigest }
        let digest = try Self.digest(text)
        let upload = try open(id, in: name, caller)
        let range = try Self.range(request, at: upload, in: name)
        return .upload(
            UploadSink(upload, .cut, failure: failure) { upload, start in
                self.answering {
                    try Self.check(range, upload, start)
                    return try self.complete(upload, as: digest, in: name)
                }
            }
        )
    }

    /// end-13.
    func status(of id: UploadID, _ name: RepositoryName, _ caller: Caller) throws -> Answer {
        try checkWritable(name)
        let upload = try open(id, in: name, caller)
        defer { upload.close() }
        let size = upload.size
        return Answer(.noContent, type: nil, .bytes([]), Self.fields(id, size: size, in: name))
    }

    /// end-14.
    func cancel(_ id: UploadID, _ name: RepositoryName, _ caller: Caller) throws -> Answer {
        try checkWritable(name)
        let upload = try open(id, in: name, caller)
        defer { upload.close() }
        try upload.cancel()
        return Answer(.noContent, type: nil, .bytes([]))
    }

    private func mount(
        _ text: String,
        from source: String?,
        to name: RepositoryName,
        _ caller: Caller
    ) throws -> Answer? {
        let wanted = try Self.digest(text)
        guard let digest = try resolve(wanted) else { return nil }
        let sources: [RepositoryName]
        if let source {
            guard let source = try? RepositoryName(parsing: source) else { throw RegistryProblem.invalidName(source) }
            sources = [source]
        } else {
            sources = try repositories(with: digest)
        }
        // A repository that the caller may not read gives nothing, not even the word that it has the blob.
        let isGiven = try sources.contains { source in
            guard caller.may(.pull, source.text), case .stored? = try repository(source).blob(digest) else {
                return false
            }
            return true
        }
        guard isGiven, try blobs.isThere(digest) else { return nil }
        try taking(digest, store.blobSize(digest) ?? 0, in: name) { try store.mount(digest, to: name.text) }
        return Self.created("blobs", "\(wanted)", in: name)
    }

    /// The repositories that may have a blob.
    private func repositories(with digest: Digest) throws -> [RepositoryName] {
        let holders = try store.holders(of: digest)
        let pushed = holders.repositories.compactMap { try? RepositoryName(parsing: $0) }
        let named = holders.references.compactMap { text in
            (try? ImageReference(parsing: text)).flatMap { names.repository(of: $0) }
        }
        let released = try store.artifacts(with: digest).compactMap { artifact in
            try? RepositoryName(parsing: ReleaseRepository.prefix + artifact.key.name.text)
        }
        return pushed + named + released
    }

    func complete(_ upload: Upload, as name: ContentName, in repository: RepositoryName) throws -> Answer {
        guard let (batch, digest) = try upload.finish(as: name) else {
            throw RegistryProblem.otherDigest("the blob", "\(name)")
        }
        var names: [LongDigest: Digest] = [:]
        if case .long(let long) = name { names[long] = digest }
        try taking(digest, batch.contents[digest] ?? 0, in: repository) {
            try store.push(batch, to: repository.text, names: names)
        }
        return Self.created("blobs", "\(name)", in: repository)
    }

    func newUpload(_ name: RepositoryName, _ caller: Caller) throws -> UploadID {
        guard let id = try uploads?.begin(in: Self.scope(name, caller)) else { throw RegistryProblem.tooManyUploads }
        return id
    }

    // An upload is its repository's, and that of who began it.
    private static func scope(_ name: RepositoryName, _ caller: Caller) -> String {
        caller.name.map { "\(name)\n\($0)" } ?? name.text
    }

    func open(_ id: UploadID, in name: RepositoryName, _ caller: Caller) throws -> Upload {
        switch try uploads?.open(id, in: Self.scope(name, caller)) ?? .unknown {
        case .open(let upload): return upload
        case .busy: throw RegistryProblem.busyUpload
        case .unknown: throw RegistryProblem.unknownUpload
        }
    }

    private static func range(
        _ request: HTTPRequestHead,
        at upload: Upload,
        in name: RepositoryName
    ) throws -> ContentRange? {
        let range: ContentRange?
        do { range = try ContentRange(request.headers) } catch {
            upload.close()
            throw error
        }
        guard let range else { return nil }
        guard range.first == upload.size else {
            let fields = Self.fields(upload.id, size: upload.size, in: name)
            upload.close()
            throw RegistryProblem(
                status: .rangeNotSatisfiable,
                code: .blobUploadInvalid,
                message: "the next byte of this upload is \(upload.size), and the chunk begins at \(range.first)",
                headers: Dictionary(fields) { first, _ in first }
            )
        }
        return range
    }

    private static func check(_ range: ContentRange?, _ upload: Upload, _ start: Int64) throws {
        guard let range, upload.size - start != range.count else { return }
        let found = upload.size - start
        try upload.cut(to: start)
        throw RegistryProblem.size(range.count, found)
    }

    private static func fields(_ id: UploadID, size: Int64, in name: RepositoryName) -> [(String, String)] {
        [
            ("Location", "/v2/\(name)/blobs/uploads/\(id)"), ("Range", "0-\(max(size - 1, 0))"),
            ("Docker-Upload-UUID", "\(id)"),
        ]
    }

    private static func accepted(_ id: UploadID, size: Int64, in name: RepositoryName) -> Answer {
        Answer(.accepted, type: nil, .bytes([]), fields(id, size: size, in: name))
    }

    /// What was pushed, and where it is now.
    static func created(
        _ kind: String,
        _ digest: String,
        in name: RepositoryName,
        _ more: [(String, String)] = []
    ) -> Answer {
        let fields = [("Location", "/v2/\(name)/\(kind)/\(digest)"), ("Docker-Content-Digest", digest)]
        return Answer(.created, type: nil, .bytes([]), fields + more)
    }

    static func digest(_ text: String) throws(RegistryProblem) -> ContentName {
        do { return try ContentName(parsing: text) } catch { throw .invalidDigest(text) }
    }
}
