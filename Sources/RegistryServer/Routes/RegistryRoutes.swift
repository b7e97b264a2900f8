package import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Printable

/// Answers the requests of a registry's clients from a store, and has the site beside it.
///
/// All calls block.
package final class RegistryRoutes: Sendable {
    let store: Store
    let names: ServedNames
    let drafts: DraftRule
    let writes: WriteRule
    private let access: AccessRule?
    private let limits: ClientLimits?
    let blobs: BlobOpener
    /// Nil where nothing is pushed.
    let uploads: UploadArea?
    private let documents = DocumentCache()
    private let releases = ReleaseDocumentCache()
    let report: @Sendable (String) -> Void
    let traffic: Traffic
    /// How files that are sent are looked at; nil where they aren't.
    let identify: IdentifyRule?
    private let site: Site

    /// The routes of a store; `report` gets what the server fails at, for its log.
    ///
    /// Without a rule of access everybody may do what `writes` allows.
    /// Throws ``StoreError/readOnly(path:)`` where pushes are to be taken and nothing can be written.
    package init(
        _ store: Store,
        names: ServedNames,
        drafts: DraftRule,
        writes: WriteRule = WriteRule(),
        access: AccessRule? = nil,
        limits: ClientLimits? = nil,
        identify: IdentifyRule? = nil,
        traffic: Traffic = Traffic(),
        report: @escaping @Sendable (LogLine) -> Void
    ) throws(StoreError) {
        self.store = store
        self.names = names
        self.drafts = drafts
        self.writes = writes
        self.access = access
        self.limits = limits
        (self.traffic, self.identify) = (traffic, identify)
        let fail: @Sendable (String) -> Void = { report(.failure($0, request: Exchange.current?.id)) }
        self.report = fail
        blobs = BlobOpener(store)
        let uploads = writes.push ? try UploadArea(in: store) : nil
        self.uploads = uploads
        let metrics = MetricsPage(
            store: store,
            traffic: traffic,
            figures: StoreFigures(store),
            uploads: { try uploads?.size() }
        )
        let taken = APIUpload.all(takesPushes: writes.push, identifies: identify != nil)
        site = Site(store, blobs: blobs, metrics: metrics, uploads: taken, report: fail)
    }

    /// What becomes of the content of a request that may have one: PUT, POST, PATCH.
    ///
    /// `address` is the client's.
    func intake(_ request: HTTPRequestHead, from address: String = "") -> Intake {
        guard let limits else { return intake(request, address, charge: nil) }
        let client = client(request, address)
        if let wait = limits.admit(client) { return .answered(refusal(of: request, wait)) }
        return intake(request, address) { limits.charge(client, $0) }
    }

    private func intake(
        _ request: HTTPRequestHead,
        _ address: String,
        charge: (@Sendable (Int64) -> Void)?
    ) -> Intake {
        if let intake = apiIntake(request, address, charge) { return intake }
        if identify != nil, let intake = formIntake(request, address, charge) { return intake }
        if let answer = siteAnswer(request) { return .answered(answer) }
        do {
            guard let target = RequestTarget(request.uri) else { throw RegistryProblem.malformedTarget }
            guard writes.push || writes.delete else { throw RegistryProblem.readOnly }
            guard let route = try RegistryRoute(target.segments) else { throw Self.nothing }
            guard writes.push else { throw notAllowed(route) }
            let caller = try caller(of: request, .push, route)
            switch (route, request.method) {
            case (.uploads(let name), .POST):
                return try within(name, request, charge) { try beginUpload(name, target, caller) }
            case (.upload(let name, let id), .PATCH):
                return try within(name, request, charge) { try takeChunk(id, name, request, caller) }
            case (.upload(let name, let id), .PUT):
                return try within(name, request, charge) { try endUpload(id, name, target, request, caller) }
            case (.manifest(let name, let reference), .PUT):
                return try takeManifest(name, reference, target, request, caller)
            default: throw notAllowed(route)
            }
        } catch {
            return .answered(failure(error, request.uri))
        }
    }

    /// The answer to a request without a content; that to HEAD has no body.
    func answer(_ request: HTTPRequestHead, from address: String = "") -> Answer {
        if let answer = health(request) { return answer }
        guard let limits else { return unlimited(request) }
        let client = client(request, address)
        if let wait = limits.admit(client) { return refusal(of: request, wait) }
        var answer = unlimited(request)
        if case .events(let stream) = answer.body {
            answer.body = .events(stream.charging { limits.charge(client, $0) })
        } else if request.method != .HEAD {
            limits.charge(client, answer.body.count)
        }
        return answer
    }

    private func unlimited(_ request: HTTPRequestHead) -> Answer {
        if let answer = siteAnswer(request) { return answer }
        var answer = answering(request.uri) { try self.answering(request) }
        if request.method == .HEAD { answer.body = .length(answer.body.count) }
        return answer
    }

    private func answering(_ request: HTTPRequestHead) throws -> Answer {
        guard let target = RequestTarget(request.uri) else { throw RegistryProblem.malformedTarget }
        let isReading = request.method == .GET || request.method == .HEAD
        guard isReading || writes.push || writes.delete else { throw RegistryProblem.readOnly }
        guard let route = try RegistryRoute(target.segments) else { throw Self.nothing }
        if request.method == .DELETE { return try delete(route, request) }
        guard isReading else { throw notAllowed(route) }
        if case .upload(let name, let id) = route {
            return try status(of: id, name, caller(of: request, .push, route))
        }
        _ = try caller(of: request, .pull, route)
        try refresh(route)
        switch route {
        case .base: return Answer(.ok, type: "application/json", .bytes(Array("{}".utf8)))
        case .tags(let name): return try tags(repository(name), target.query)
        case .manifest(let name, let reference): return try manifest(reference, in: repository(name), request)
        case .blob(let name, let digest): return try blob(digest, in: repository(name), request)
        case .referrers(let name, let subject): return try referrers(to: subject, in: repository(name), target)
        case .uploads, .upload: throw Self.nothing
        }
    }

    /// The answer of the API or a page; nil for a request that is the registry's.
    ///
    /// They show all of the store: who may read some repositories only reads these by the registry.
    private func siteAnswer(_ request: HTTPRequestHead) -> Answer? {
        guard let target = RequestTarget(request.uri) else { return Site.refusal(ofMalformed: request) }
        guard Site.has(target) else { return nil }
        do { _ = try readerOfAll(request) } catch { return failure(error, request.uri) }
        return site.answer(request, target)
    }

    /// Who makes a request, and may read all of the store; nil where nobody is asked.
    func readerOfAll(_ request: HTTPRequestHead) throws -> Caller? {
        guard let caller = try known(request), !caller.mayReadAll else { return try known(request) }
        guard caller.name != nil else { throw RegistryProblem.unauthorized }
        throw RegistryProblem.denied("reading all of the store isn't allowed to \(caller.name ?? "you")")
    }

    /// By which name a client's requests are counted: one that has logged in is the same from all of its machines.
    func client(_ request: HTTPRequestHead, _ address: String) -> String {
        guard let name = try? known(request)?.name else { return "address " + address }
        return "user " + name
    }

    /// Who makes a request, and may do it.
    ///
    /// Who isn't known is asked for a login; who is known is told that it isn't enough.
    func caller(
        of request: HTTPRequestHead,
        _ action: Caller.Action,
        _ route: RegistryRoute
    ) throws -> Caller {
        if action != .pull { try Self.checkOrigin(request) }
        guard let access, let caller = try known(request) else { return Caller(name: nil, scopes: nil) }
        guard let name = route.name else {
            if caller.name == nil, access.requiresLogin { throw RegistryProblem.unauthorized }
            return caller
        }
        guard caller.may(action, name.text) else {
            guard caller.name != nil else { throw RegistryProblem.unauthorized }
            throw RegistryProblem.denied("\(action.rawValue) on \(name.text) isn't allowed to \(caller.name ?? "you")")
        }
        return caller
    }

    /// Who a request says that it is from, looked up once for each; nil where nobody is asked.
    private func known(_ request: HTTPRequestHead) throws -> Caller? {
        guard let access else { return nil }
        if let known = Exchange.current?.caller { return try known.get() }
        let caller = Result { try access.caller(of: request.headers) }
        Exchange.current?.caller = caller
        return try caller.get()
    }

    // A browser says whose page a request comes from, and clients of registries say nothing.
    private static func checkOrigin(_ request: HTTPRequestHead) throws(RegistryProblem) {
        guard request.headers["Origin"].isEmpty, request.headers["Sec-Fetch-Site"].isEmpty else { throw .foreignOrigin }
    }

    func repository(_ name: RepositoryName) -> any Repository {
        ReleaseRepository(name, store: store, documents: releases, pushed: documents)
            ?? ImageRepository(
                name: name,
                spellings: names.spellings(of: name),
                store: store,
                documents: documents,
                drafts: drafts
            )
    }

    /// The digest by which the store has some content; nil where nothing was pushed under a longer one.
    func resolve(_ name: ContentName) throws -> Digest? {
        switch name {
        case .own(let digest): digest
        case .long(let digest): try store.digest(named: digest)
        }
    }

    /// What a failure is to a client; the log gets what it mustn't know.
    @Sendable func failure(_ error: any Error) -> Answer { failure(error, "an upload") }

    /// The answer that is made, or that to what it throws.
    func answering(_ what: String = "a push", _ body: () throws -> Answer) -> Answer {
        do { return try body() } catch { return failure(error, what) }
    }

    private func failure(_ error: any Error, _ target: String) -> Answer { Answer(problem(error, target)) }

    static let nothing = RegistryProblem(
        status: .notFound,
        code: .unsupported,
        message: "there is nothing here: the registry's end-points begin with /v2/"
    )

    func problem(_ error: any Error, _ target: String) -> RegistryProblem {
        switch error {
        case let problem as RegistryProblem: return problem
        case let error as StoreError where error.isBusy: return .busy
        case ServerError.busy: return .tooManyLogins
        default:
            let message: Message = "\(target, limit: 300): \(message: "\(error)")"
            report(message.text)
            if let error = error as? StoreError, error.isFullDisk { return .full }
            // The index names it, and it isn't there: lost, or taken away since the index was asked.
            if case StoreError.notFound = error { return .gone }
            return .failure
        }
    }
}

extension StoreError {
    /// Whether others have the index locked.
    var isBusy: Bool {
        if case .index(_, .busy, _) = self { true } else { false }
    }
}
