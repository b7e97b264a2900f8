import FoundationEssentials
import ImageTransport
import NIOHTTP1
import Testing

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
    ])
    func hasExceptions(_ exceptions: String, _ isExcepted: Bool) throws {
        let environment = ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exceptions]
        #expect((try server(environment, "https://registry.example") == nil) == isExcepted)
    }

    @Test func mayWantAPassword() throws {
        let found = try server(["HTTPS_PROXY": "http://user:secret@proxy"], "https://registry.example")
        #expect(found == .init(host: "proxy", port: 80, user: "user", password: "secret"))
    }

    @Test(arguments: ["socks5://user:secret@proxy:1080", "https://user:secret@proxy", "http://"])
    func otherKindsAreRefusedWithoutTheirPassword(_ text: String) {
        let error = #expect(throws: RegistryError.self) { try ProxySettings(environment: ["HTTP_PROXY": text]) }
        #expect(error?.description.contains("http://HOST:PORT is expected") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func isAskedForAConnection() throws {
        try FakeServer.run({ _ in .init(405) }) { proxy in
            let images = Fixture.images(environment: ["HTTPS_PROXY": "http://user:secret@\(proxy.host)"], attempts: 1)
            let error = #expect(throws: TransportError.self) { _ = try images.source("registry.invalid/image:1") }
            #expect(error?.description.contains("proxy") == true, "\(String(describing: error))")
            #expect(proxy.requests.map(\.method) == [.CONNECT])
            #expect(proxy.requests.first?.uri == "registry.invalid:443")
            #expect(proxy.requests.first?.headers.first(name: "Proxy-Authorization") == "Basic dXNlcjpzZWNyZXQ=")
        }
    }
}
