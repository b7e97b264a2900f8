import FoundationEssentials
import HTTPTestSupport
import ImageTransport
import NIOHTTP1
import SystemIO
import Testing

@testable import HTTP

@Suite struct BackPressureTests {
    @Test func whatNobodyReadsStaysInTheConnection() throws {
        let size = 40 << 20
        try FakeServer.run({ _ in .init(200, [], [UInt8](repeating: 7, count: size)) }) { server in
            let link = try HTTPLink(HTTPOptions(environment: [:]))
            let url = try #require(URL(string: "http://\(server.host)/large"))
            let exchange = Exchange(.registry)
            let answer = try link.send(HTTPCall(method: .GET, url: url), exchange)
            var buffer = [UInt8](repeating: 0, count: 100_000)
            var total = 0
            for number in 0... {
                // Time for the event loop to fill the queue as far as it may.
                if number % 100 == 0 { RetryPolicy().sleep(0.05) }
                let queued = exchange.state.update { $0.queued }
                #expect(queued < 2 * Exchange.largestQueue)
                let count = try buffer.withUnsafeMutableBytes { try answer.read(into: $0) }
                guard count > 0 else { break }
                total += count
            }
            #expect(total == size)
        }
    }
}
