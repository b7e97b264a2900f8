import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that answers as a test tells it to, wrongly for the most part.
package final class FakeServer: Sendable {
    /// What was asked.
    package struct Request: Sendable {
        package let method: HTTPMethod
        package let uri: String
        package let headers: HTTPHeaders
        package var body: [UInt8] = []
        /// Whether the server broke the connection off before the body's end.
        package var isCut = false

        package var path: String { String(uri.prefix { $0 != "?" }) }
        package var authorization: String? { headers.first(name: "Authorization") }
    }

    /// What is answered.
    package struct Reply: Sendable {
        package var status: Int
        package var headers: [(String, String)] = []
        package var body: [UInt8] = []
        /// A length other than the body's: the connection is closed after the body.
        package var announcedLength: Int?
        /// Sends nothing, and leaves the connection open.
        package var isSilent = false

        package init(_ status: Int, _ headers: [(String, String)] = [], _ body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    package typealias Answer = @Sendable (Request) -> Reply

    package let port: Int
    private let channel: any Channel
    private let log: Log

    package var host: String { "127.0.0.1:\(port)" }
    /// What was asked, in order.
    package var requests: [Request] { log.requests.withLock { $0 } }

    /// How many bytes came as bodies of requests.
    package var sentBytes: Int { log.requests.withLock { $0.reduce(0) { $0 + $1.body.count } } }

    final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    /// Runs one beside a body.
    ///
    /// `cut` says after how many bytes of a request's body the connection is to be broken off.
    package static func run<Result>(
        cut: @escaping @Sendable (HTTPRequestHead) -> Int? = { _ in nil },
        _ answer: @escaping Answer,
        _ body: (FakeServer) throws -> Result
    ) throws -> Result {
        let server = try FakeServer(cut, answer)
        defer { try? server.channel.close().wait() }
        return try body(server)
    }

    private init(_ cut: @escaping @Sendable (HTTPRequestHead) -> Int?, _ answer: @escaping Answer) throws {
        let log = Log()
        self.log = log
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(Handler(cut, answer, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .wait()
        port = channel.localAddress?.port ?? 0
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let cut: @Sendable (HTTPRequestHead) -> Int?
        private let answer: Answer
        private let log: Log
        private var request: Request?
        private var limit: Int?

        init(_ cut: @escaping @Sendable (HTTPRequestHead) -> Int?, _ answer: @escaping Answer, _ log: Log) {
            self.cut = cut
            self.answer = answer
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Request(method: head.method, uri: head.uri, headers: head.headers)
                limit = cut(head)
            case .body(let buffer):
                request?.body.append(contentsOf: buffer.readableBytesView)
                guard let limit, let count = request?.body.count, count >= limit, var cut = request else { return }
                cut.body.removeLast(count - limit)
                cut.isCut = true
                request = nil
                log.requests.withLock { $0.append(cut) }
                _ = answer(cut)
                context.close(promise: nil)
            case .end:
                guard let request else { return }
                log.requests.withLock { $0.append(request) }
                write(answer(request), to: request, context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func write(_ reply: Reply, to request: Request, _ context: ChannelHandlerContext) {
            guard !reply.isSilent else { return }
            var headers = HTTPHeaders(reply.headers)
            if !headers.contains(name: "Content-Length"), !headers.contains(name: "Transfer-Encoding"),
                reply.status != 204
            {
                headers.add(name: "Content-Length", value: "\(reply.announcedLength ?? reply.body.count)")
            }
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: reply.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if request.method != .HEAD, !reply.body.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
            }
            guard reply.announcedLength == nil else {
                context.flush()
                context.close(promise: nil)
                return
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
