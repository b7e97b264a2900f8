import NIOCore

/// Answers the requests of one connection, and closes it when the client lets it wait.
///
/// It reads HTTP itself: half of what a probe costs would be a general pipeline's. Lives on its event loop.
final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to each connection when the server stops: finish what has begun, then close.
    struct Quiesce: Sendable {}

    private let routes: ProbeRoutes
    private let logger: Logger
    private let limits: ProbeLimits
    private let connections: ConnectionRegistry
    private var parser: RequestParser
    private var isQuiescing = false
    /// Nothing more is read: the connection is closed when the last answer is taken.
    private var isEnding = false
    /// Answers that the client hasn't taken yet.
    private var answersUnderWay = 0

    init(routes: ProbeRoutes, logger: Logger, limits: ProbeLimits, connections: ConnectionRegistry) {
        self.routes = routes
        self.logger = logger
        self.limits = limits
        self.connections = connections
        parser = RequestParser(limits: limits.request)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        let wasInRequest = parser.isInRequest
        unwrapInboundIn(data).withUnsafeReadableBytes { parser.append($0) }
        var answers = context.channel.allocator.buffer(capacity: 512)
        reading: while true {
            switch parser.next() {
            case .needsMore: break reading
            case .request(let request):
                write(answer(request), to: request, into: &answers)
                if answers.readableBytes > limits.answerBytes { isEnding = true }
                if isEnding { break reading }
            case .refused(let status, let request):
                write(.refusal(status), to: request, into: &answers)
                break reading
            }
        }
        if answers.readableBytes > 0 {
            send(answers, context)
        } else if !wasInRequest, answersUnderWay == 0 {
            // The request's time counts from its first byte.
            connections.touch(context.channel, isBusy: false, deadline: limits.readTimeout)
        }
    }

    private func answer(_ request: RequestParser.Request) -> ProbeAnswer {
        let answer = routes.answer(method: request.method, target: request.target)
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
        return answer
    }

    private func write(_ answer: ProbeAnswer, to request: RequestParser.Request, into buffer: inout ByteBuffer) {
        let isKeptAlive = request.isKeptAlive && !isQuiescing
        if !isKeptAlive { isEnding = true }
        buffer.writeString(request.isOld ? "HTTP/1.0 " : "HTTP/1.1 ")
        buffer.writeString("\(answer.status) \(ProbeAnswer.phrase(answer.status))\r\nContent-Type: ")
        buffer.writeString(answer.contentType)
        buffer.writeString("\r\nContent-Length: \(answer.body.utf8.count)\r\nCache-Control: no-store\r\n")
        if let header = answer.header { buffer.writeString("\(header.name): \(header.value)\r\n") }
        if !isKeptAlive {
            buffer.writeString("Connection: close\r\n")
        } else if request.isOld {
            buffer.writeString("Connection: keep-alive\r\n")
        }
        buffer.writeString("\r\n")
        if request.method != "HEAD" { buffer.writeString(answer.body) }
    }

    private func send(_ answers: ByteBuffer, _ context: ChannelHandlerContext) {
        connections.touch(context.channel, isBusy: true, deadline: limits.writeTimeout)
        answersUnderWay += 1
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            self.answersUnderWay -= 1
            guard case .success = result, !self.isEnding else { return context.close(promise: nil) }
            guard self.answersUnderWay == 0 else { return }
            if self.isQuiescing, !self.parser.isInRequest { return context.close(promise: nil) }
            let deadline = self.parser.isInRequest ? self.limits.readTimeout : self.limits.idleTimeout
            self.connections.touch(context.channel, isBusy: false, deadline: deadline)
        }
        context.writeAndFlush(wrapOutboundOut(answers), promise: written)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is Quiesce else { return context.fireUserInboundEventTriggered(event) }
        isQuiescing = true
        if !parser.isInRequest, answersUnderWay == 0 { context.close(promise: nil) }
    }

    // Whatever is wrong with a connection, nothing is left to say on it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
