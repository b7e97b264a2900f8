import NIOCore
import NIOPosix
import Testing

@testable import MountMonitor

@Suite struct ProbeClientTests {
    @Test("asks the server that runs here", arguments: [("+", 200, 200), ("-", 200, 503), ("--", 503, 503)])
    func asks(history: String, live: Int, ready: Int) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let server = try ProbeServer.start(
            port: 0,
            loop: group.next(),
            routes: ProbeRoutesTests.routes([history]),
            logger: LogCollector().logger(.system)
        ).wait()
        let answer = try ProbeClient.ask("/healthz/live", port: server.port, timeout: .seconds(600))
        #expect(answer.status == live && answer.body.hasPrefix(#"{"status":""#))
        let second = try ProbeClient.ask("/healthz/ready", port: server.port, timeout: .seconds(600))
        #expect(second.status == ready)
        try server.stop().wait()
        #expect(throws: FileFailure.self) { try ProbeClient.ask("/healthz/live", port: server.port) }
    }

    @Test func asksByIPv6WhereNobodyAnswersByIPv4() throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let bootstrap = ServerBootstrap(group: group).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Answering()) }
        }
        let server: any Channel
        do {
            server = try bootstrap.bind(to: SocketAddress(ipAddress: "::1", port: 0)).wait()
        } catch {
            try Test.cancel("no IPv6 here: \(error)")
        }
        let port = try #require(server.localAddress?.port)
        let answer = try ProbeClient.ask("/healthz/live", port: port, timeout: .seconds(600))
        #expect(answer == .init(status: 200, body: "yes"))
        try server.close().wait()
    }

    /// Answers whatever is asked, and closes.
    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\nyes")), promise: nil)
            context.close(promise: nil)
        }
    }

    @Test(arguments: ["", "SSH-2.0\r\n\r\n", "HTTP/1.1 x\r\n\r\n", "HTTP/1.1 200 OK\r\n"])
    func whatIsNotHTTPIsAnError(text: String) {
        #expect(throws: ProbeClient.Malformed.self) { try ProbeClient.parse(text) }
    }
}
