import ArtifactStore
import Glibc
import NIOHTTP1
import Printable
import SystemIO

/// "What is this?": a file that is sent is compared with what was released, and not kept.
extension RegistryRoutes {
    /// What becomes of the content of the page's form; nil for other requests.
    func formIntake(
        _ request: HTTPRequestHead,
        _ address: String,
        _ charge: (@Sendable (Int64) -> Void)?
    ) -> Intake? {
        guard request.method == .POST, RequestTarget(request.uri)?.segments == ["identify"] else { return nil }
        do {
            guard let boundary = request.headers.first(name: "Content-Type").flatMap(FormFile.boundary) else {
                throw APIProblem(.badRequest, "a form with a file is expected")
            }
            return try dropped(request, address, charge, failure: pageFailure) { [self] file, rule in
                try Self.withFile(of: file, boundary, rule) { copy, name in
                    let found = try Identified(json: Self.look(at: copy, name, rule))
                    return Answer(IdentifyPage.page(of: found, called: name, store))
                }
            }
        } catch {
            return .answered(pageFailure(error, request.uri))
        }
    }

    /// Takes a file for the API, to say what it is.
    func identification(
        _ request: HTTPRequestHead,
        _ address: String,
        name: String,
        _ charge: (@Sendable (Int64) -> Void)?
    ) throws -> Intake {
        try dropped(request, address, charge, failure: identifyFailure) { file, rule in
            Answer(jsonBytes: try Self.look(at: file, name, rule))
        }
    }

    private func dropped(
        _ request: HTTPRequestHead,
        _ address: String,
        _ charge: (@Sendable (Int64) -> Void)?,
        failure: @escaping @Sendable (any Error, String) -> Answer,
        end: @escaping @Sendable (borrowing File, IdentifyRule) throws -> Answer
    ) throws -> Intake {
        let rule = try mayIdentify(request)
        let length = request.headers.first(name: "Content-Length").flatMap { Int64($0) } ?? 0
        guard length <= IdentifyRule.largestSize else { throw DroppedFile.TooLarge() }
        let client = client(request, address)
        guard rule.begin(client) else {
            throw APIProblem(.tooManyRequests, "one file of a client is looked at at a time", [("Retry-After", "10")])
        }
        do {
            return .file(
                try DroppedFile(
                    in: rule.directory,
                    limit: IdentifyRule.largestSize,
                    charge: charge,
                    failure: { failure($0, request.uri) },
                    release: { rule.end(client) }
                ) { try end($0, rule) }
            )
        } catch {
            rule.end(client)
            throw error
        }
    }

    private func mayIdentify(_ request: HTTPRequestHead) throws -> IdentifyRule {
        guard let rule = identify else {
            throw APIProblem(
                .methodNotAllowed,
                "files aren't looked at here: this can be read",
                [("Allow", "GET, HEAD")]
            )
        }
        let caller = try readerOfAll(request)
        guard rule.isPublic || caller?.name != nil else { throw RegistryProblem.unauthorized }
        // A browser says whose page asks; the answer is about this store, and the work is this server's.
        let host = request.headers.first(name: "Host") ?? ""
        guard request.headers["Sec-Fetch-Site"].allSatisfy({ $0 == "same-origin" || $0 == "none" }),
            request.headers["Origin"].allSatisfy({ $0 == "http://" + host || $0 == "https://" + host })
        else { throw RegistryProblem.foreignOrigin }
        return rule
    }

    private static func look(at file: borrowing File, _ name: String, _ rule: IdentifyRule) throws -> [UInt8] {
        // The process that looks opens it by this one's descriptor: it has no other name.
        guard let found = try rule.look("/proc/\(getpid())/fd/\(file.descriptor)", name) else {
            throw APIProblem(
                .payloadTooLarge,
                "looking into the file takes too long, or finds too much; `bindery identify` has no such limit"
            )
        }
        return found
    }

    /// Makes an answer of the file of a form, which is in a file of its own, and of what it is called.
    private static func withFile(
        of form: borrowing File,
        _ boundary: String,
        _ rule: IdentifyRule,
        _ body: (borrowing File, String) throws -> Answer
    ) throws -> Answer {
        let mapped = try MappedFile(form)
        guard let found = FormFile(mapped.bytes, boundary: boundary) else {
            throw APIProblem(.badRequest, "a form with a file is expected")
        }
        let copy = try File.unnamed(in: rule.directory)
        try copy.write(UnsafeRawBufferPointer(rebasing: mapped.bytes[found.range]), at: 0)
        return try body(copy, found.name)
    }

    private static let tooLarge = APIProblem(
        .payloadTooLarge,
        "a file of at most \(ByteCount.text(IdentifyRule.largestSize)) is looked at; `bindery identify` has no such limit"
    )

    @Sendable func identifyFailure(_ error: any Error, _ target: String) -> Answer {
        error is DroppedFile.TooLarge ? Answer(Self.tooLarge) : apiFailure(error, target)
    }

    @Sendable private func pageFailure(_ error: any Error, _ target: String) -> Answer {
        let found = error is DroppedFile.TooLarge ? Self.tooLarge : APIProblem(error)
        let problem = found ?? APIProblem(self.problem(error, target) as any Error) ?? .failure
        var answer = Answer(ErrorPage.page(problem.status, problem.detail))
        for (name, value) in problem.headers { answer.headers.add(name: name, value: value) }
        return answer
    }
}
