import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MountMonitor

/// The server over real sockets, asked by a client of another make (`probe_client.py`).
@Suite struct ProbeServerTests {
    static let client = Peers.directory + "/probe_client.py"

    /// For clients that may take as long as a busy machine makes them.
    private static let patient: ProbeLimits = {
        var limits = ProbeLimits()
        (limits.readTimeout, limits.writeTimeout, limits.idleTimeout) = (.minutes(10), .minutes(10), .minutes(10))
        return limits
    }()

    private func withServer(_ limits: ProbeLimits, _ body: (ProbeServer) throws -> Void) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        defer { try? group.syncShutdownGracefully() }
        let logs = LogCollector()
        let server = try ProbeServer.start(
            port: 0,
            loop: group.next(),
            routes: ProbeRoutesTests.routes(["+"]),
            logger: logs.logger(.system),
            limits: limits
        ).wait()
        #expect(try ProbeClient.ask("/healthz/live", port: server.port, timeout: .seconds(600)).status == 200)
        try server.answer(on: group).wait()
        try body(server)
        try server.stop().wait()
    }

    @Test(arguments: [
        "keep-alive", "pipelined", "byte-by-byte", "http-1.0", "head", "garbage", "long-header", "long-target",
        "many-headers",
        "long-body", "short-body", "ipv6",
    ])
    func answers(_ name: String) throws {
        try withServer(Self.patient) { server in
            let output = try Shell.run("python3 '\(ProbeServerTests.client)' \(server.port) \(name)", in: "/tmp")
            #expect(output.text == "passed\n")
        }
    }

    @Test("a client that takes its time is cut off", arguments: ["slow-header", "slow-body", "idle"])
    func cutsOff(_ name: String) throws {
        var limits = Self.patient
        if name == "idle" { limits.idleTimeout = .milliseconds(300) } else { limits.readTimeout = .milliseconds(300) }
        try withServer(limits) { server in
            let output = try Shell.run("python3 '\(ProbeServerTests.client)' \(server.port) \(name)", in: "/tmp")
            #expect(output.text == "passed\n")
        }
    }

    @Test func boundsItsConnections() throws {
        var limits = Self.patient
        limits.connections = 8
        try withServer(limits) { server in
            let output = try Shell.run("python3 '\(ProbeServerTests.client)' \(server.port) too-many", in: "/tmp")
            #expect(output.text == "passed\n")
        }
    }

    @Test func finishesWhatHasBegunWhenItStops() throws {
        try withServer(Self.patient) { server in
            let client = Process()
            client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            client.arguments = ["python3", ProbeServerTests.client, String(server.port), "finish-on-stop"]
            let (input, output) = (Pipe(), Pipe())
            client.standardInput = input
            client.standardOutput = output
            try client.run()
            #expect(output.fileHandleForReading.line() == "begun")
            let stopped = server.stop()
            input.fileHandleForWriting.write(Data("\n".utf8))
            try stopped.wait()
            client.waitUntilExit()
            #expect(client.terminationStatus == 0)
        }
    }

    @Test func aTakenPortIsAnError() throws {
        try withServer(Self.patient) { server in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
            defer { try? group.syncShutdownGracefully() }
            let second = ProbeServer.start(
                port: server.port,
                loop: group.next(),
                routes: ProbeRoutesTests.routes([]),
                logger: LogCollector().logger(.system)
            )
            #expect(throws: IOError.self) { _ = try second.wait() }
        }
    }
}
