import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import Printable

/// What a client may take of the server, and what is always answered.
extension RegistryRoutes {
    /// What becomes of an upload's content, as far as there is room for it.
    func within(
        _ name: RepositoryName,
        _ request: HTTPRequestHead,
        _ charge: (@Sendable (Int64) -> Void)?,
        _ intake: () throws -> Intake
    ) throws -> Intake {
        if request.method == .POST { _ = try room(in: name, besides: 0) }
        let found = try intake()
        guard case .upload(let sink) = found else { return found }
        do {
            let room = try room(in: name, besides: sink.start)
            let length = request.headers.first(name: "Content-Length").flatMap { Int64($0) } ?? 0
            if let room, length > room.size - sink.start { throw room.full }
            let uploads = uploads
            let share = try writes.quota?.share(announced: max(length, 0)) { try uploads?.size() ?? 0 }
            return .upload(sink.within(room, share, charge: charge))
        } catch {
            sink.cancel()
            throw error
        }
    }

    // How large an upload may become of which some bytes are there.
    private func room(in name: RepositoryName, besides own: Int64) throws -> UploadSink.Room? {
        guard let quota = writes.quota else { return nil }
        let others = try (uploads?.size() ?? 0) - own
        let size = try quota.room(in: name, counted(name), uploads: others)
        return size.map { UploadSink.Room(size: $0, full: .noRoom(in: name, $0)) }
    }

    // What is held for a repository takes its space.
    private func counted(_ name: RepositoryName) -> [String] {
        names.spellings(of: name) + [HeldName.prefix(of: name.text)]
    }

    /// Takes a blob in, as far as there is room for it.
    func taking<Value>(
        _ digest: Digest,
        _ size: Int64,
        in name: RepositoryName,
        _ body: () throws -> Value
    ) throws -> Value {
        guard let quota = writes.quota else { return try body() }
        return try quota.take(digest, size, in: name, counted(name), body)
    }

    /// What a client is told that asked for too much.
    func refusal(of request: HTTPRequestHead, _ seconds: Int64) -> Answer {
        let problem = RegistryProblem.tooMuch(seconds)
        guard let target = RequestTarget(request.uri), target.segments.first == "api" else { return Answer(problem) }
        return Answer(
            APIProblem(problem.status, "\(message: problem.message)", [("Retry-After", "\(seconds)")])
        )
    }

    /// The answer to a probe, which has no limit and takes no login; nil for other requests.
    ///
    /// `/healthz/live` says that the server answers, `/healthz/ready` that it can read the store.
    func health(_ request: HTTPRequestHead) -> Answer? {
        guard request.method == .GET || request.method == .HEAD, request.uri.hasPrefix("/healthz/") else { return nil }
        let isWell: Bool
        switch request.uri {
        case "/healthz/live": isWell = true
        case "/healthz/ready": isWell = (try? store.lastEvent()) != nil
        default: return nil
        }
        let text = isWell ? "ok\n" : "the store can't be read\n"
        var answer = Answer(
            isWell ? .ok : .serviceUnavailable,
            type: "text/plain; charset=utf-8",
            .bytes(Array(text.utf8)),
            [("Cache-Control", "no-store")]
        )
        if request.method == .HEAD { answer.body = .length(answer.body.count) }
        return answer
    }
}

extension RegistryProblem {
    static func noRoom(in name: RepositoryName, _ room: Int64) -> Self {
        .denied("there is room for \(ByteCount.text(room)) in \(name), and this would be more")
    }
}
