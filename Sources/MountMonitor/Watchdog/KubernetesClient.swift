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
        credentials()
            .flatMap { self.connect(request, $0, timeout, promise) }
            .whenComplete { result in
                switch result {
                // Whatever ended the exchange, its connection ends with it.
                case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
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

    private func connect(
        _ request: KubernetesRequest,
        _ credentials: Credentials,
        _ timeout: GoDuration,
        _ promise: EventLoopPromise<APIAnswer>
    ) -> EventLoopFuture<any Channel> {
        let head = request.head(place, token: credentials.token, version: version)
        let address = try? SocketAddress(ipAddress: place.host, port: place.port)
        // Without a name the certificate must hold the address that was connected to.
        let name = address == nil ? place.host : nil
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(timeout.nanoseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLClientHandler(context: credentials.tls, serverHostname: name))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(APIExchange(head: head, body: request.bodyText, answer: promise))
                }
            }
        if let address { return bootstrap.connect(to: address) }
        return bootstrap.connect(host: place.host, port: place.port)
    }
}

/// What a request needs of the account's files at its moment.
private struct Credentials: Sendable {
    let token: String
    let tls: NIOSSLContext

    init(_ account: ServiceAccount) throws {
        token = try account.token()
        var configuration = TLSConfiguration.makeClientConfiguration()
        let certificates = Self.certificates(inPEM: try account.authorities())
        if certificates.isEmpty { throw APIFailure.setup("\(account.directory)/ca.crt holds no certificates") }
        configuration.trustRoots = .certificates(certificates)
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        // The library's own list leaves the last two out.
        configuration.verifySignatureAlgorithms = [
            .ecdsaSecp256R1Sha256, .rsaPssRsaeSha256, .rsaPkcs1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha384,
            .rsaPkcs1Sha384, .rsaPssRsaeSha512, .rsaPkcs1Sha512, .ecdsaSecp521R1Sha512, .ed25519,
        ]
        configuration.applicationProtocols = ["http/1.1"]
        tls = try NIOSSLContext(configuration: configuration)
    }

    /// Each certificate that can be read; one that can't hides no other.
    private static func certificates(inPEM bytes: [UInt8]) -> [NIOSSLCertificate] {
        let start = "-----BEGIN CERTIFICATE-----"
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: start, omittingEmptySubsequences: false)
        return parts.dropFirst().compactMap {
            try? NIOSSLCertificate(bytes: Array((start + $0).utf8), format: .pem)
        }
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
