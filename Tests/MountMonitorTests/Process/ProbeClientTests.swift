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

    @Test(arguments: ["", "SSH-2.0\r\n\r\n", "HTTP/1.1 x\r\n\r\n", "HTTP/1.1 200 OK\r\n"])
    func whatIsNotHTTPIsAnError(text: String) {
        #expect(throws: ProbeClient.Malformed.self) { try ProbeClient.parse(text) }
    }
}
