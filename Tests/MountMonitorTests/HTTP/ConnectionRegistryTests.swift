import NIOCore
import NIOEmbedded
import Testing

@testable import MountMonitor

@Suite("Which connection gives way")
struct ConnectionRegistryTests {
    private let registry: ConnectionRegistry
    private let channels: [EmbeddedChannel]

    /// Four connections of clients that take as long as they like, of which three may be open.
    init() {
        var limits = ProbeLimits()
        limits.connections = 3
        registry = ConnectionRegistry(limits: limits)
        channels = (0..<4).map { _ in EmbeddedChannel() }
    }

    private func connect(_ channel: EmbeddedChannel) throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try registry.add(channel)
    }

    private func gaveWay() -> [Int] { channels.indices.filter { !channels[$0].isActive } }

    @Test("the one that was used longest ago does")
    func longestIdle() throws {
        for channel in channels[..<3] { try connect(channel) }
        registry.touch(channels[0], isBusy: false, deadline: .seconds(10))
        try connect(channels[3])
        #expect(gaveWay() == [1])
    }

    @Test("one whose answer is on its way doesn't")
    func busy() throws {
        for channel in channels[..<3] { try connect(channel) }
        registry.touch(channels[0], isBusy: true, deadline: .seconds(10))
        registry.touch(channels[1], isBusy: true, deadline: .seconds(10))
        try connect(channels[3])
        #expect(gaveWay() == [2])
    }

    @Test("when answers are on their way on all, the new one is refused")
    func full() throws {
        for channel in channels[..<3] {
            try connect(channel)
            registry.touch(channel, isBusy: true, deadline: .seconds(10))
        }
        #expect(throws: ConnectionRegistry.Full.self) { try connect(channels[3]) }
        #expect(gaveWay().isEmpty)
    }
}
