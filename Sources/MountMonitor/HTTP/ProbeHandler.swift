internal import NIOCore
internal import NIOHTTP1

/// Answers the requests of one connection, and closes it when the client lets it wait.
///
/// Lives on its event loop.
final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Told to each connection when the server stops: finish what has begun, then close.
    struct Quiesce: Sendable {}

    private enum Phase {
        case idle
        case request(HTTPRequestHead, bodyBytes: Int)
        /// The request was refused; what follows of it is let go.
        case refused
    }

    private let routes: ProbeRoutes
    private let logger: Logger
    private let limits: ServerLimits
    private var phase = Phase.idle
    private var isQuiescing = false
    /// Answers that the client hasn't taken yet.
    private var answersUnderWay = 0
    private var deadline: Scheduled<Void>?

    init(routes: ProbeRoutes, logger: Logger, limits: ServerLimits) {
        self.routes = routes
        self.logger = logger
        self.limits = limits
    }

    func channelActive(context: ChannelHandlerContext) {
        setDeadline(limits.readTimeout, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (_, .refused): break
        case (.head(let head), _):
            phase = .request(head, bodyBytes: 0)
            setDeadline(limits.readTimeout, context)
        case (.body(let bytes), .request(let head, let count)):
            let total = count + bytes.readableBytes
            phase = .request(head, bodyBytes: total)
            if total > limits.bodyBytes {
                phase = .refused
                write(.text("the request's body is too long", status: 413), to: head, keepAlive: false, context)
            }
        case (.end, .request(let head, _)):
            let answer = routes.answer(method: head.method.rawValue, target: head.uri)
            if let log = answer.log {
                logger.log(
                    log.level,
                    "probe request",
                    [
                        .init("endpoint", .string(log.endpoint)), .init("status", .integer(Int64(answer.status))),
                        .init("result", .string(log.result)),
                    ]
                )
            }
            write(answer, to: head, keepAlive: head.isKeepAlive && !isQuiescing, context)
        case (.body, _), (.end, _): break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is Quiesce else { return context.fireUserInboundEventTriggered(event) }
        isQuiescing = true
        if case .idle = phase, answersUnderWay == 0 { context.close(promise: nil) }
    }

    // Whatever is wrong with a connection, nothing is left to say on it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func write(
        _ answer: ProbeAnswer,
        to request: HTTPRequestHead,
        keepAlive: Bool,
        _ context: ChannelHandlerContext
    ) {
        setDeadline(limits.writeTimeout, context)
        var head = HTTPResponseHead(version: request.version, status: HTTPResponseStatus(statusCode: answer.status))
        head.headers.add(name: "Content-Type", value: answer.contentType)
        head.headers.add(name: "Content-Length", value: String(answer.body.utf8.count))
        head.headers.add(name: "Cache-Control", value: "no-store")
        for (name, value) in answer.headers { head.headers.add(name: name, value: value) }
        if !keepAlive {
            head.headers.add(name: "Connection", value: "close")
        } else if request.version == .http1_0 {
            head.headers.add(name: "Connection", value: "keep-alive")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            let body = context.channel.allocator.buffer(string: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        answersUnderWay += 1
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            self.answersUnderWay -= 1
            guard case .success = result, keepAlive, !self.isQuiescing else { return context.close(promise: nil) }
            if case .idle = self.phase { self.setDeadline(self.limits.idleTimeout, context) }
        }
        // The part before us lets the connection's next request through as soon as the end is on its way.
        phase = keepAlive ? .idle : .refused
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func setDeadline(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
