import NIOCore
import NIOPosix
import Synchronization

/// Passes connections on to a server, and breaks some of them off after a number of bytes from the client.
final class BreakingProxy: Sendable {
    let port: Int
    private let channel: any Channel
    private let limits: Limits

    var host: String { "127.0.0.1:\(port)" }
    /// How many connections were broken off.
    var breaks: Int { limits.state.withLock { $0.broken } }

    final class Limits: Sendable {
        struct State {
            var waiting: [Int]
            var broken = 0
        }

        let state: Mutex<State>

        init(_ limits: [Int]) { state = Mutex(State(waiting: limits)) }
    }

    /// `limits` are the bytes after which the first connections that get so far are broken off, one each.
    static func run<Result>(to port: Int, limits: [Int], _ body: (BreakingProxy) throws -> Result) throws -> Result {
        let proxy = try BreakingProxy(port, Limits(limits))
        defer { try? proxy.channel.close().wait() }
        return try body(proxy)
    }

    private init(_ target: Int, _ limits: Limits) throws {
        self.limits = limits
        let group = MultiThreadedEventLoopGroup.singleton
        channel = try ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: target).flatMap { server in
                    client.eventLoop.makeCompletedFuture {
                        try server.pipeline.syncOperations.addHandler(Pipe(to: client, limits: nil))
                        try client.pipeline.syncOperations.addHandler(Pipe(to: server, limits: limits))
                    }.flatMap { client.setOption(.autoRead, value: true) }
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .wait()
        port = channel.localAddress?.port ?? 0
    }

    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let other: any Channel
        private let limits: Limits?
        private var count = 0

        init(to other: any Channel, limits: Limits?) {
            self.other = other
            self.limits = limits
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            count += buffer.readableBytes
            other.writeAndFlush(buffer, promise: nil)
            let isOver = limits?.state.withLock { state in
                guard let limit = state.waiting.first, count >= limit else { return false }
                state.waiting.removeFirst()
                state.broken += 1
                return true
            }
            guard isOver == true else { return }
            other.close(promise: nil)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            other.close(promise: nil)
            context.close(promise: nil)
        }
    }
}
