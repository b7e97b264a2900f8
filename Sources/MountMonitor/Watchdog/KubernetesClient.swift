import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Talks to the cluster's API server as our pod's service account.
///
/// Each request has a connection of its own, since there are a handful in a pod's life, and reads token and
/// certificates anew, since they rotate.
final class KubernetesClient: PodAPI {
    /// As long as other clients of the API wait.
    static let usualTimeout = GoDuration.seconds(30)
    /// The Event is a courtesy, so it may not hold the restart up.
    static let usualEventTimeout = GoDuration.seconds(5)

    private let place: ClusterPlace
    private let account: ServiceAccount
    private let version: String
    private let loop: any EventLoop
    private let timeout: GoDuration
    private let eventTimeout: GoDuration
    /// For the account's files, which are local, but no file is read on the event loop.
    private let files = WorkerThread()

    init(
        place: ClusterPlace,
        account: ServiceAccount,
        version: String,
        loop: any EventLoop,
        timeout: GoDuration = usualTimeout,
        eventTimeout: GoDuration = usualEventTimeout
    ) {
        self.place = place
        self.account = account
        self.version = version
        self.loop = loop
        self.timeout = timeout
        self.eventTimeout = min(timeout, eventTimeout)
    }

    var pod: PodIdentity { PodIdentity(name: place.pod, namespace: place.namespace) }

    func isAllowed(_ permission: Permission) -> EventLoopFuture<Bool> {
        let request = KubernetesRequest.accessReview(place, permission)
        return send(request, timeout: timeout).flatMapThrowing { answer in
            guard answer.status == 200 || answer.status == 201 else { throw answer.failure }
            guard case .bool(let allowed)? = try answer.document()["status"]?["allowed"] else {
                throw APIFailure.malformed("no status.allowed in it")
            }
            return allowed
        }
    }

    func lookUpPod() -> EventLoopFuture<PodFacts> {
        send(.pod(place), timeout: timeout).flatMapThrowing { answer in
            if answer.isNotFound { return .gone }
            guard answer.status == 200 else { throw answer.failure }
            guard let metadata = try answer.document()["metadata"], case .object = metadata else {
                throw APIFailure.malformed("no metadata in it")
            }
            return .present(Pod(metadata: metadata))
        }
    }

    func restarts(controllerUID: String) -> EventLoopFuture<[RecordedRestart]> {
        guard KubernetesRequest.isLabelValue(controllerUID) else {
            return loop.makeFailedFuture(APIFailure.malformed("the controller's UID is not a label"))
        }
        return restarts(controllerUID, after: [], continuing: nil, pages: 1)
    }

    private func restarts(
        _ controllerUID: String,
        after earlier: [RecordedRestart],
        continuing token: String?,
        pages: Int
    ) -> EventLoopFuture<[RecordedRestart]> {
        let request = KubernetesRequest.restarts(place, controllerUID: controllerUID, continuing: token)
        return send(request, timeout: timeout).flatMapThrowing { answer -> EventPage in
            guard answer.status == 200 else { throw answer.failure }
            return try EventPage(answer.document(), controllerUID: controllerUID)
        }.flatMap { page in
            let restarts = earlier + page.restarts
            guard let next = page.next else { return self.loop.makeSucceededFuture(restarts) }
            guard pages < EventPage.most else {
                let limit = EventPage.most * KubernetesRequest.eventsPerPage
                return self.loop.makeFailedFuture(APIFailure.tooManyEvents(limit: limit))
            }
            return self.restarts(controllerUID, after: restarts, continuing: next, pages: pages + 1)
        }
    }

    func createEvent(_ event: PodEvent) -> EventLoopFuture<Void> {
        let request = KubernetesRequest.event(place, event)
        return send(request, timeout: eventTimeout).flatMapThrowing { answer in
            // 409: an earlier try got through.
            guard [200, 201, 202, 409].contains(answer.status) else { throw answer.failure }
        }
    }

    func deletePod(uid: String?, gracePeriod: Int?) -> EventLoopFuture<DeletionOutcome> {
        send(.deletion(place, podUID: uid, gracePeriod: gracePeriod), timeout: timeout).map { answer in
            switch answer.status {
            case 200, 202:
                // Whatever else answers so, such as a portal's page, has deleted nothing.
                ["Pod", "Status"].contains(answer.kind)
                    ? .accepted(status: answer.status) : .failed(.malformed("it is neither a Pod nor a Status"))
            case 404 where answer.isNotFound: .notFound(answer.failure.description)
            case 409: .conflict(answer.failure.description)
            default: .failed(answer.failure)
            }
        }.flatMapErrorThrowing { .failed(APIFailure(describing: $0)) }
    }

    /// Sends a request and gives back whatever the answer is; fails with an `APIFailure` where there is none in time.
    func send(_ request: KubernetesRequest, timeout: GoDuration) -> EventLoopFuture<APIAnswer> {
        let promise = loop.makePromise(of: APIAnswer.self)
        let timer = loop.scheduleTask(in: .nanoseconds(timeout.nanoseconds)) {
            promise.fail(APIFailure.timedOut(timeout))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        credentials().whenComplete { [self] result in
            switch result {
            case .success(let credentials): exchange(request, credentials, credentials.trust[...], timeout, promise)
            case .failure(let error): promise.fail(APIFailure(describing: error))
            }
        }
        return promise.futureResult
    }

    private func credentials() -> EventLoopFuture<Credentials> {
        let promise = loop.makePromise(of: Credentials.self)
        let failure = files.submit { [account] in promise.completeWith(Result { try Credentials(account) }) }
        if let failure { promise.fail(APIFailure.setup(failure)) }
        return promise.futureResult
    }

    // Sends it on a connection that the first of `trust` trusts; nothing was sent on one that it doesn't.
    private func exchange(
        _ request: KubernetesRequest,
        _ credentials: Credentials,
        _ trust: ArraySlice<[NIOSSLCertificate]>,
        _ timeout: GoDuration,
        _ promise: EventLoopPromise<APIAnswer>
    ) {
        guard let roots = trust.first else { return promise.fail(APIFailure.untrusted) }
        let answer = loop.makePromise(of: APIAnswer.self)
        let head = request.head(place, token: credentials.token, version: version)
        connect(head, request.bodyText, roots, timeout, answer).whenComplete { result in
            switch result {
            // Whatever ended the exchange, its connection ends with it.
            case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
            case .failure(let error): answer.fail(APIFailure(describing: error))
            }
        }
        answer.futureResult.whenComplete { [self] result in
            if case .failure(let error) = result, error as? APIFailure == .untrusted {
                return exchange(request, credentials, trust.dropFirst(), timeout, promise)
            }
            promise.completeWith(result)
        }
    }

    private func connect(
        _ head: HTTPRequestHead,
        _ body: String,
        _ roots: [NIOSSLCertificate],
        _ timeout: GoDuration,
        _ promise: EventLoopPromise<APIAnswer>
    ) -> EventLoopFuture<any Channel> {
        let (context, address): (NIOSSLContext, SocketAddress?)
        do {
            (context, address) = (try Credentials.context(roots), try place.address)
        } catch {
            return loop.makeFailedFuture(error)
        }
        // Without a name the certificate must hold the address that was connected to.
        let name = address == nil ? place.host : nil
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(timeout.nanoseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(APIExchange(head: head, body: body, answer: promise))
                }
            }
        if let address { return bootstrap.connect(to: address) }
        return bootstrap.connect(host: place.host, port: place.port)
    }
}

extension Pod {
    /// From a pod's `metadata`.
    fileprivate init(metadata: JSON) {
        if case .string(let text)? = metadata["uid"] { uid = text }
        isTerminating = (metadata["deletionTimestamp"] ?? .null) != .null
        guard case .array(let owners)? = metadata["ownerReferences"] else { return }
        for owner in owners where owner["controller"] == .bool(true) {
            guard case .string(let kind)? = owner["kind"], case .string(let uid)? = owner["uid"] else { continue }
            controller = Controller(kind: kind, uid: uid)
        }
    }
}
