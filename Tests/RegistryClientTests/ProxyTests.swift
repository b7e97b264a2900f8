import FoundationEssentials
import HTTPTestSupport
import ImageTransport
import NIOHTTP1
import Testing

@testable import HTTP
@testable import RegistryClient

@Suite struct ProxyTests {
    private func server(_ environment: [String: String], _ url: String) throws -> ProxySettings.Server? {
        let origin = try #require(URL(string: url).flatMap { Origin(of: $0) })
        return try ProxySettings(environment: environment).server(for: origin)
    }

    @Test(arguments: [
        (["HTTPS_PROXY": "http://proxy:3128"], "https://registry.example", true),
        (["https_proxy": "proxy:3128"], "https://registry.example", true),
        (["HTTPS_PROXY": "http://proxy:3128"], "http://registry.example", false),
        (["HTTP_PROXY": "http://proxy:3128"], "http://registry.example", true),
        (["HTTP_PROXY": "http://proxy:3128"], "http://127.0.0.1:5000", false),
        (["HTTP_PROXY": ""], "http://registry.example", false),
    ])
    func isChosenByTheScheme(_ environment: [String: String], _ url: String, _ isUsed: Bool) throws {
        let expected = isUsed ? ProxySettings.Server(host: "proxy", port: 3128) : nil
        #expect(try server(environment, url) == expected)
    }

    @Test(arguments: [
        ("*", true), ("example", true), ("registry.example", true), (".example", true), ("*.example", true),
        ("other, registry.example", true), ("registry.example:443", true), ("registry.example:5000", false),
        ("gistry.example", false), (".registry.example", false), ("other", false), ("", false),
        ("other registry.example", true), ("REGISTRY.example.", true), (".", false), ("*.", false), ("[]", false),
        ("registry.example/8", false), ("10.0.0.0/8", false),
    ])
    func hasExceptions(_ exceptions: String, _ isExcepted: Bool) throws {
        let environment = ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exceptions]
        #expect((try server(environment, "https://registry.example") == nil) == isExcepted)
    }

    // As golang.org/x/net/http/httpproxy and curl's noproxy.c read them.
    @Test(arguments: [
        ("10.1.2.3", "10.0.0.0/8", true), ("10.1.2.3", "10.1.2.0/30", true), ("10.1.2.4", "10.1.2.0/30", false),
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.3:443", true), ("10.1.2.3", "10.1.2.3:80", false),
        ("10.1.2.3", "2.3", false), ("10.1.2.3", "0.0.0.0/0", true), ("10.1.2.3", "10.0.0.0/33", false),
        ("10.1.2.3", "::ffff:10.1.2.3", true), ("10.1.2.3", "::/0", false),
        ("[2001:db8::1]", "2001:db8::/32", true), ("[2001:db8::1]", "[2001:db8::1]", true),
        ("[2001:db8::1]", "2001:db8:0::1", true), ("[2001:db8::1]", "[2001:db8::1]:443", true),
        ("[2001:db8::1]", "[2001:db8::1]:80", false), ("[2001:db8::1]", "2001:db9::/32", false),
        ("[2001:db8::1]:8443", "[2001:db8::1]:8443", true), ("[2001:db8::1]", "10.0.0.0/8", false),
    ])
    func exceptsAddressesAndRanges(_ host: String, _ exceptions: String, _ isExcepted: Bool) throws {
        let environment = ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exceptions]
        #expect((try server(environment, "https://\(host)/") == nil) == isExcepted)
    }

    @Test func mayWantAPassword() throws {
        let found = try server(["HTTPS_PROXY": "http://user:secret@proxy"], "https://registry.example")
        #expect(found == .init(host: "proxy", port: 80, user: "user", password: "secret"))
        let escaped = try server(["HTTPS_PROXY": "http://us%40er:p%3Aa%25b@proxy"], "https://registry.example")
        #expect(escaped == .init(host: "proxy", port: 80, user: "us@er", password: "p:a%b"))
    }

    @Test(arguments: [
        ("http://127.0.0.1:99999", "names no proxy that is known"),
        ("socks5://user:secret@proxy:1080", "names a SOCKS proxy"), ("socks5h://proxy", "names a SOCKS proxy"),
        ("https://user:secret@proxy", "spoken to by TLS"), ("http://", "no proxy that is known"),
        ("gopher://secret", "no proxy that is known"),
    ])
    func otherKindsAreRefusedWhereTheyAreUsedWithoutTheirPassword(_ text: String, _ words: String) throws {
        let environment = ["HTTP_PROXY": text, "NO_PROXY": "other.example"]
        let error = #expect(throws: HTTPFailure.self) { try server(environment, "http://registry.example") }
        for part in ["HTTP_PROXY", words, "http://HOST:PORT is expected"] {
            #expect(error?.reason.contains(part) == true, "\(String(describing: error))")
        }
        #expect(error?.reason.contains("secret") == false)
        #expect(try server(environment, "http://other.example") == nil)
        #expect(try server(environment, "http://localhost") == nil)
        #expect(try server(environment, "https://registry.example") == nil)
    }

    @Test func isNamedWhereItCannotBeReached() throws {
        let environment = ["HTTPS_PROXY": "http://127.0.0.1:1"]
        let images = Fixture.images(environment: environment, attempts: 1)
        let error = #expect(throws: TransportError.self) { _ = try images.source("registry.invalid/image:1") }
        #expect(error?.description.contains("the proxy 127.0.0.1:1: ") == true, "\(String(describing: error))")
    }

    @Test func isAskedForAConnection() throws {
        try FakeServer.run({ _ in .init(405) }) { proxy in
            let images = Fixture.images(environment: ["HTTPS_PROXY": "http://user:secret@\(proxy.host)"], attempts: 1)
            let error = #expect(throws: TransportError.self) { _ = try images.source("registry.invalid/image:1") }
            #expect(error?.description.contains("the proxy \(proxy.host): ") == true, "\(String(describing: error))")
            #expect(proxy.requests.map(\.method) == [.CONNECT])
            #expect(proxy.requests.first?.uri == "registry.invalid:443")
            #expect(proxy.requests.first?.headers.first(name: "Proxy-Authorization") == "Basic dXNlcjpzZWNyZXQ=")
        }
    }
}
