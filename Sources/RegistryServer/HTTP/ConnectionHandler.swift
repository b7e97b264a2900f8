import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Printable
import SystemIO

/// Answers the requests of one connection, one after the other.
///
/// Lives on its event loop; the routes, which block, run on the pool. What stands behind a request is held back by the
/// pipeline until its answer is sent.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let routes: RegistryRoutes
    private let pool: NIOThreadPool
    private let slowPool: NIOThreadPool
    private let limits: ServerLimits
    private let hosts: HostRule
    private let budget: ContentBudget
    /// Whether what is sent is encrypted, so that the kernel can't send a file by itself.
    private let isSecure: Bool
    private let connections: Connections
    private let now: @Sendable () -> String
    /// A request whose content has no meaning, until it has come.
    private var request: HTTPRequestHead?
    /// Where the content of the request goes that is on its way.
    private var content: ContentFlow?
    private var bodyBytes = 0
    private var isReadHeld = false
    /// Nothing more is answered: the connection is closed when the answer is sent and the request has come to its end.
    private var isEnding = false
    private var isRead = true
    private var isAnswered = true
    private var deadline: Scheduled<Void>?
    private var client = ""
    private var address = ""
    private var isFollowing = false
    /// Requests that have come.
    private var requests: UInt64 = 0
    /// The request that is on its way, and what became of it until now.
    private var exchange: Exchange?
    private var outcome = Traffic.Outcome()

    init(
        routes: RegistryRoutes,
        pool: NIOThreadPool,
        slowPool: NIOThreadPool,
        limits: ServerLimits,
        hosts: HostRule,
        budget: ContentBudget,
        isSecure: Bool,
        connections: Connections,
        now: @escaping @Sendable () -> String
    ) {
        self.routes = routes
        self.pool = pool
        self.slowPool = slowPool
        self.limits = limits
        self.hosts = hosts
        self.budget = budget
        self.isSecure = isSecure
        self.connections = connections
        self.now = now
    }

    func handlerAdded(context: ChannelHandlerContext) {
        setDeadline(limits.requestTime, context)
        client = context.remoteAddress?.client ?? ""
        address = context.remoteAddress?.ipAddress ?? ""
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(exchange, outcome, isCut: true)
        exchange = nil
        deadline?.cancel()
        content?.abandon()
        content = nil
        stopFollowing()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        // What the disk doesn't take yet stays with the client.
        guard content?.isFull != true else {
            isReadHeld = true
            deadline?.cancel()
            return
        }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard !isEnding else { return }
            (isRead, isAnswered, bodyBytes) = (false, false, 0)
            requests &+= 1
            (exchange, outcome) = (routes.traffic.begin(head, from: address), Traffic.Outcome())
            if let refusal = refusal(of: head) {
                isEnding = true
                send(Answer(refusal), to: head, context)
            } else if [.POST, .PUT, .PATCH].contains(head.method) {
                take(head, context)
            } else {
                request = head
            }
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            outcome.taken += Int64(bytes.readableBytes)
            if let content {
                content.add(bytes)
                if bodyBytes >= Self.progress {
                    bodyBytes = 0
                    setDeadline(limits.requestTime, context)
                }
            } else if !isEnding, bodyBytes > limits.bodyBytes {
                // The content of a request that was refused is let go by, so that its client reads why.
                context.close(promise: nil)
            }
        case .end:
            isRead = true
            if let content {
                deadline?.cancel()
                content.end()
            }
            if let request { answer(request, context) }
            request = nil
            closeWhenOver(context)
        }
    }

    /// Whoever sends that much in the time for a request sends fast enough, in bytes.
    private static let progress = 256 << 10

    private func take(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        connections.set(context.channel, isWaiting: false)
        setDeadline(limits.requestTime, context)
        let isAwaitingWord = head.headers[canonicalForm: "Expect"].contains { $0.lowercased() == "100-continue" }
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        let isLong = length > limits.bodyBytes || head.headers.contains(name: "Transfer-Encoding")
        let flow = ContentFlow(
            on: context.eventLoop,
            pool,
            slow: slowPool,
            budget,
            exchange,
            ContentFlow.Events(
                isAwaited: {
                    guard isAwaitingWord, !head.version.isOld, context.channel.isActive, !self.isRead else { return }
                    let word = HTTPResponseHead(version: .http1_1, status: .continue)
                    context.writeAndFlush(self.wrapOutboundOut(.head(word)), promise: nil)
                },
                answer: { answer, isEarly in
                    self.content = nil
                    if isEarly { self.isEnding = true }
                    self.send(answer, to: head, context)
                    self.goOnReading(context)
                },
                hasRoom: { self.goOnReading(context) },
                stops: { context.close(promise: nil) }
            )
        )
        content = flow
        flow.start({ [routes, client] in routes.intake(head, from: client) }, answersEarly: isAwaitingWord || isLong)
    }

    private func goOnReading(_ context: ChannelHandlerContext) {
        guard isReadHeld, content?.isFull != true, context.channel.isActive else { return }
        isReadHeld = false
        if !isRead { setDeadline(limits.requestTime, context) }
        context.read()
    }

    private func closeWhenOver(_ context: ChannelHandlerContext) {
        if isEnding, isRead, isAnswered { context.close(promise: nil) }
    }

    // What is refused before its content is read: nobody has to send what isn't taken.
    private func refusal(of head: HTTPRequestHead) -> RegistryProblem? {
        // RFC 9112, section 3.2: a request with no Host, or with two, means different things to different readers.
        if !head.version.isOld, head.headers["Host"].count != 1 { return .badRequest("one field Host is expected") }
        if let host = head.headers["Host"].first, !hosts.allows(host) { return .misdirected(host) }
        return nil
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        connections.set(context.channel, isWaiting: false)
        let answer = pool.runIfActive(eventLoop: context.eventLoop) { [routes, client, exchange] in
            Exchange.$current.withValue(exchange) { routes.answer(head, from: client) }
        }
        answer.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let answer): self.send(answer, to: head, context)
            // The server stops.
            case .failure: context.close(promise: nil)
            }
        }
    }

    private func send(_ answer: Answer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var answer = answer
        if case .events = answer.body, request.method == .GET {
            isFollowing = connections.beginEvents()
            if !isFollowing { answer = Answer(APIProblem.tooManyFollow) }
        }
        setDeadline(limits.pieceTime, context)
        var head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers)
        head.headers.add(name: "Date", value: now())
        if let exchange { head.headers.add(name: "X-Request-Id", value: exchange.id) }
        (outcome.status, outcome.digest) = (
            answer.status.code, answer.headers.first(name: "Docker-Content-Digest")
        )
        let isOpen = isFollowing
        // Its end is the connection's where chunks aren't known.
        if isOpen, request.version.isOld { isEnding = true }
        if answer.status != .notModified, answer.status != .noContent, !isOpen {
            head.headers.add(name: "Content-Length", value: "\(answer.body.count)")
        }
        if !request.isKeepAlive { isEnding = true }
        if isEnding {
            head.headers.add(name: "Connection", value: "close")
        } else if request.version.isOld {
            head.headers.add(name: "Connection", value: "keep-alive")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let hasContent = request.method != .HEAD && answer.status != .notModified
        switch answer.body {
        case .bytes(let bytes) where hasContent && !bytes.isEmpty:
            let buffer = context.channel.allocator.buffer(bytes: bytes)
            outcome.sent += Int64(bytes.count)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
            end(context)
        case .file(let blob, let range) where hasContent && !range.isEmpty && isSecure:
            sendPiece(of: blob, range, context)
        case .file(let blob, let range) where hasContent && !range.isEmpty: send(blob, range, context)
        case .events(let stream) where isFollowing: follow(stream, context)
        case .bytes, .file, .length, .events: end(context)
        }
    }

    private func send(
        _ blob: BlobFile,
        _ range: Range<Int64>,
        _ context: ChannelHandlerContext
    ) {
        let copy = fcntl(blob.file.descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { return context.close(promise: nil) }
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: copy)
        sendPiece(of: handle, range, context)
    }

    // A piece after the other, so that a client that takes none is noticed.
    private func sendPiece(
        of handle: NIOFileHandle,
        _ range: Range<Int64>,
        _ context: ChannelHandlerContext
    ) {
        setDeadline(limits.pieceTime, context)
        let place = min(range.upperBound, range.lowerBound + ServerLimits.piece)
        let region = FileRegion(fileHandle: handle, readerIndex: Int(range.lowerBound), endIndex: Int(place))
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { result in
            // Not at once: a fast client would make the pieces of a large file one deep recursion.
            context.eventLoop.assumeIsolated().execute {
                guard case .success = result, context.channel.isActive else {
                    try? handle.close()
                    return context.close(promise: nil)
                }
                self.outcome.sent += place - range.lowerBound
                if place < range.upperBound {
                    self.sendPiece(of: handle, place..<range.upperBound, context)
                } else {
                    try? handle.close()
                    self.end(context)
                }
            }
        }
        context.writeAndFlush(wrapOutboundOut(.body(.fileRegion(region))), promise: sent)
    }

    // What is encrypted passes through memory, a piece at a time.
    private func sendPiece(of blob: BlobFile, _ range: Range<Int64>, _ context: ChannelHandlerContext) {
        setDeadline(limits.pieceTime, context)
        let place = min(range.upperBound, range.lowerBound + ServerLimits.securePiece)
        let piece = pool.runIfActive(eventLoop: context.eventLoop) {
            try blob.bytes(range.lowerBound..<place)
        }
        piece.assumeIsolated().whenComplete { result in
            guard case .success(let bytes) = result, context.channel.isActive else {
                return context.close(promise: nil)
            }
            let sent = context.eventLoop.makePromise(of: Void.self)
            sent.futureResult.assumeIsolated().whenComplete { result in
                guard case .success = result else { return context.close(promise: nil) }
                self.outcome.sent += place - range.lowerBound
                if place < range.upperBound {
                    self.sendPiece(of: blob, place..<range.upperBound, context)
                } else {
                    self.end(context)
                }
            }
            context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(bytes))), promise: sent)
        }
    }

    // A piece after the other, each when the client has taken the one before.
    private func follow(_ stream: EventStream, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        guard !connections.isStopping else { return endFollowing(context) }
        let piece = pool.runIfActive(eventLoop: context.eventLoop) { try stream.piece() }
        piece.assumeIsolated().whenComplete { result in
            guard case .success(let piece) = result, context.channel.isActive else {
                return context.close(promise: nil)
            }
            guard !piece.bytes.isEmpty else { return self.follow(behind: piece, context) }
            self.setDeadline(self.limits.pieceTime, context)
            let sent = context.eventLoop.makePromise(of: Void.self)
            sent.futureResult.assumeIsolated().whenComplete { result in
                guard case .success = result else { return context.close(promise: nil) }
                self.outcome.sent += Int64(piece.bytes.count)
                self.follow(behind: piece, context)
            }
            let buffer = context.channel.allocator.buffer(bytes: piece.bytes)
            context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: sent)
        }
    }

    private func follow(behind piece: EventStream.Piece, _ context: ChannelHandlerContext) {
        guard let next = piece.next else { return endFollowing(context) }
        deadline?.cancel()
        let pause = piece.isFull ? 0 : EventStream.pause
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(pause)) {
            if context.channel.isActive { self.follow(next, context) }
        }
    }

    private func endFollowing(_ context: ChannelHandlerContext) {
        stopFollowing()
        end(context)
    }

    private func stopFollowing() {
        if isFollowing { connections.endEvents() }
        isFollowing = false
    }

    private func end(_ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        // Writing the end may bring the next request at once, before the promise is kept.
        let (number, exchange, outcome) = (requests, exchange, outcome)
        self.exchange = nil
        sent.futureResult.assumeIsolated().whenComplete { result in
            self.end(exchange, outcome, isCut: (try? result.get()) == nil)
            guard case .success = result else { return context.close(promise: nil) }
            guard self.requests == number else { return }
            self.isAnswered = true
            self.connections.set(context.channel, isWaiting: true)
            self.setDeadline(self.limits.requestTime, context)
            self.closeWhenOver(context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    private func end(_ exchange: Exchange?, _ outcome: Traffic.Outcome, isCut: Bool) {
        guard let exchange else { return }
        var outcome = outcome
        outcome.isCut = isCut
        routes.traffic.end(exchange, outcome)
    }

    private func setDeadline(_ milliseconds: Int64, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
            context.close(promise: nil)
        }
    }

    // Whatever is wrong with a connection, nothing is left to say on it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension HTTPVersion {
    /// HTTP/1.0, where connections end with the answer unless it is asked otherwise.
    fileprivate var isOld: Bool { major < 1 || (major == 1 && minor < 1) }
}
