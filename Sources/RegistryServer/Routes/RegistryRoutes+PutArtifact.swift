import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import Printable
import Release
import Shapes

/// Putting files into releases by the API.
extension RegistryRoutes {
    /// What becomes of the content of a request under `/api/`; nil for one that the API only reads for.
    func apiIntake(
        _ request: HTTPRequestHead,
        _ address: String,
        _ charge: (@Sendable (Int64) -> Void)?
    ) -> Intake? {
        guard let target = RequestTarget(request.uri), target.segments.prefix(2) == ["api", "v1"] else { return nil }
        let path = target.segments.dropFirst(2)
        do {
            if request.method == .PUT, let found = APIUpload.putArtifact.match(path) {
                return try putArtifact(request, target, found, charge)
            }
            if request.method == .POST, let found = APIUpload.identify.match(path) {
                let asked = try APIRequest(request, target.query, path: found, of: APIUpload.identify.parameters)
                return try identification(request, address, name: asked["name"] ?? "", charge)
            }
            return nil
        } catch {
            return .answered(identifyFailure(error, request.uri))
        }
    }

    private func putArtifact(
        _ request: HTTPRequestHead,
        _ target: RequestTarget,
        _ path: [String: String],
        _ charge: (@Sendable (Int64) -> Void)?
    ) throws -> Intake {
        guard writes.push else {
            throw APIProblem(.methodNotAllowed, "nothing is taken here: this can be read", [("Allow", "GET, HEAD")])
        }
        let asked = try APIRequest(request, target.query, path: path, of: APIUpload.putArtifact.parameters)
        let (digest, release) = (try asked.digest("digest"), try asked.release("release"))
        guard let name = try? RepositoryName(parsing: ReleaseRepository.prefix + release.name.text) else {
            throw APIProblem.invalid("release", "its name is too long for a repository")
        }
        let caller = try caller(of: request, .push, .uploads(name))
        var put = PutRequest(source: .path(""), name: release.name, version: release.version)
        put.platform = try asked["platform"].map { try ArtifactPlatform(parsing: $0) }
        put.path = try asked["file"].map { try ReleasePath(parsing: $0) }
        put.fileName = put.path?.lastComponent ?? release.name.lastComponent
        put.expectedDigest = digest
        put.label = "the file"
        let wanted = put
        return try within(name, request, charge) {
            let upload = try open(try newUpload(name, caller), in: name, caller)
            return .upload(
                UploadSink(upload, .removed, failure: { self.apiFailure($0, request.uri) }) { upload, _ in
                    do { return try self.put(upload, wanted, digest, in: name) } catch {
                        return self.apiFailure(error, request.uri)
                    }
                }
            )
        }
    }

    private func put(
        _ upload: Upload,
        _ request: PutRequest,
        _ digest: Digest,
        in name: RepositoryName
    ) throws -> Answer {
        try checkUnsigned(request.name)
        // As a pushed blob it waits a day for its release, whatever becomes of this request.
        _ = try complete(upload, as: .own(digest), in: name)
        var request = request
        request.source = .path(store.paths.blob(digest))
        guard let result = try store.put([request]).first else { throw APIProblem.failure }
        var answer = try Answer(json: ArtifactShape(result.artifact))
        answer.status = result.isNew ? .created : .ok
        return answer
    }

    /// Throws where releases must be signed: a file that comes alone isn't.
    private func checkUnsigned(_ name: RepositoryName) throws {
        let time = store.now
        let isScoped = try store.trustedKeys().contains {
            $0.role == "release" && $0.isValid(at: time) && $0.covers(name)
        }
        guard !isScoped else {
            throw APIProblem(.conflict, "releases of \(name) are taken with their signature: `bindery push` sends both")
        }
    }

    /// What a failure is to a client of the API.
    func apiFailure(_ error: any Error, _ target: String) -> Answer {
        if let problem = APIProblem(error) { return Answer(problem) }
        if let error = error as? StoreError {
            switch error.kind {
            case .usage: return Answer(APIProblem(.badRequest, Message(message: "\(error)")))
            case .conflict: return Answer(APIProblem(.conflict, Message(message: "\(error)")))
            case .notFound, .integrity, .environment: break
            }
        }
        return Answer(APIProblem(problem(error, target) as any Error) ?? .failure)
    }
}
