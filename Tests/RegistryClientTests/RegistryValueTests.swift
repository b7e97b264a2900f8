import Foundation
import OCI
import Testing

@testable import HTTP
@testable import RegistryClient

@Suite struct RegistryValueTests {
    @Test(arguments: [
        ("debian", "docker.io", "library/debian", "registry-1.docker.io"),
        ("docker.io/debian", "docker.io", "library/debian", "registry-1.docker.io"),
        ("index.docker.io/debian", "docker.io", "library/debian", "registry-1.docker.io"),
        ("registry.example", "docker.io", "library/registry.example", "registry-1.docker.io"),
        ("team/app", "docker.io", "team/app", "registry-1.docker.io"),
        ("registry.example/app", "registry.example", "app", "registry.example"),
        ("registry.example:5000/a/b/c", "registry.example:5000", "a/b/c", "registry.example:5000"),
        ("localhost/app", "localhost", "app", "localhost"),
        ("[::1]:5000/app", "[::1]:5000", "app", "[::1]:5000"),
    ])
    func readsReferencesAsDockerDoes(_ text: String, _ host: String, _ repository: String, _ endpoint: String) throws {
        for suffix in ["", ":1.2", "@sha256:" + String(repeating: "a", count: 64)] {
            let location = try RegistryLocation(parsing: text + suffix)
            #expect(location.host == host)
            #expect(location.repository.text == repository)
            #expect(location.endpoint == endpoint)
            #expect(location.tag?.text == (suffix == ":1.2" ? "1.2" : nil))
            #expect((location.digest != nil) == suffix.hasPrefix("@"))
        }
    }

    @Test(
        "from a connection with TLS no address leads to one without",
        arguments: [
            ("https://other.invalid/x", true), ("/x", true), ("http://registry.invalid/x", false),
            ("http://127.0.0.1/x", true),
        ]
    )
    func addresses(_ text: String, _ isFollowed: Bool) throws {
        let options = RegistryOptions(environment: [:])
        let location = try RegistryLocation(parsing: "registry.invalid/app")
        let session = try RegistrySession(location, link: HTTPLink(options), options: options, scopes: [])
        let base = try #require(session.url("manifests/1"))
        #expect((session.url(text, from: base) != nil) == isFollowed)
        let isBare = text.hasPrefix("http:")
        #expect(session.refusal(of: text, from: base).contains("has no TLS") == isBare)
    }

    @Test func anUploadThatMovesAndBreaksOffEachTimeEnds() {
        var budget = UploadBudget(attempts: 5)
        var count = 1
        while budget.fail(), count < 1000 {
            budget.gained(1 << 20)
            count += 1
        }
        #expect(count == 50)
    }

    @Test(arguments: ["", "Team/app", "a//b", "app:", "app@sha256:12", "../app", "host:80/../x"])
    func refusesOthers(_ text: String) {
        #expect(throws: RegistryError.self) { try RegistryLocation(parsing: text) }
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.3.2.1", true), ("::1", true), ("[::1]", true),
        ("127.0.0.1.example.org", false), ("127.example.org", false), ("10.0.0.1", false), ("localhost.example", false),
    ])
    func knowsThisMachine(_ host: String, _ isLocal: Bool) {
        #expect(Loopback.contains(host) == isLocal)
    }

    @Test(arguments: [
        ("120", 120), (" 0 ", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0),
        ("-1", nil), ("soon", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
        ("99999999999999999999", nil), ("", nil),
    ])
    func readsRetryAfter(_ text: String, _ seconds: Int64?) {
        // 1994-11-06 08:49:00 (RFC 9110, section 5.6.7, has the date).
        #expect(RetryAfter.seconds(text, now: 784_111_740) == seconds)
    }

    @Test func datesOfRetryAfterAreFoundationsDates() throws {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for day in stride(from: Int64(0), to: 60_000, by: 17) {
            let seconds = day * 86_400 + day % 86_400
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(RetryAfter.seconds(text, now: 0) == seconds, "\(text)")
        }
    }

    @Test func pausesGrowAndHaveAnEnd() {
        var policy = RetryPolicy()
        policy.random = { $0.upperBound }
        #expect((1...7).map { policy.delay(after: $0) } == [0.4, 0.8, 1.6, 3.2, 6.4, 10, 10])
        #expect(policy.delay(after: .max) == 10)
        policy.random = { $0.lowerBound }
        #expect(policy.delay(after: 3) == 0)
    }
}
