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
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let routes: RegistryRoutes
    private let pool: NIOThreadPool
    private let limits: ServerLimits
    private let connections: Connections
    private let now: @Sendable () -> String
    private var request: HTTPRequestHead?
    private var bodyBytes = 0
    /// Nothing more is answered: the connection is closed when the answer is sent and the request has come to its end.
    private var isEnding = false
    private var isRead = true
    private var isAnswered = true
    private var deadline: Scheduled<Void>?

    init(
        routes: RegistryRoutes,
        pool: NIOThreadPool,
        limits: ServerLimits,
        connections: Connections,
        now: @escaping @Sendable () -> String
    ) {
        self.routes = routes
        self.pool = pool
        self.limits = limits
        self.connections = connections
        self.now = now
    }

    func handlerAdded(context: ChannelHandlerContext) { setDeadline(limits.requestTime, context) }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard !isEnding else { return }
            (isRead, isAnswered, bodyBytes) = (false, false, 0)
            if let refusal = Self.refusal(of: head) {
                isEnding = true
                send(Answer(refusal), to: head, context)
            } else {
                request = head
            }
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            // The content of a request that was refused is let go by, so that its client reads why.
            if !isEnding, bodyBytes > limits.bodyBytes { context.close(promise: nil) }
        case .end:
            isRead = true
            if let request { answer(request, context) }
            request = nil
            closeWhenOver(context)
        }
    }

    private func closeWhenOver(_ context: ChannelHandlerContext) {
        if isEnding, isRead, isAnswered { context.close(promise: nil) }
    }

    // What is refused before its content is read: nobody has to send what isn't taken.
    private static func refusal(of head: HTTPRequestHead) -> RegistryProblem? {
        // RFC 9112, section 3.2: a request with no Host, or with two, means different things to different readers.
        if !head.version.isOld, head.headers["Host"].count != 1 { return .badRequest("one field Host is expected") }
        return head.method == .GET || head.method == .HEAD ? nil : .readOnly
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        connections.set(context.channel, isWaiting: false)
        let answer = pool.runIfActive(eventLoop: context.eventLoop) { [routes] in routes.answer(head) }
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
        setDeadline(limits.pieceTime, context)
        var head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers)
        head.headers.add(name: "Date", value: now())
        if answer.status != .notModified { head.headers.add(name: "Content-Length", value: "\(answer.body.count)") }
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
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
            end(context)
        case .file(let blob, let range) where hasContent && !range.isEmpty: send(blob, range, context)
        case .bytes, .file, .length: end(context)
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

    private func end(_ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { result in
            guard case .success = result else { return context.close(promise: nil) }
            self.isAnswered = true
            self.connections.set(context.channel, isWaiting: true)
            self.setDeadline(self.limits.requestTime, context)
            self.closeWhenOver(context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
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
