import ArtifactStore
import ContentAddress
import Foundation
import NIOHTTP1
import OCI
import StoreTestSupport
import SystemIO
import Testing

@testable import RegistryServer

/// Who may do what.
struct AccessTests {
    /// The password secret, by htpasswd -B with the least cost.
    private static let hash = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"

    private struct Guarded {
        let fixture: Fixture
        let routes: RegistryRoutes
        let passwords: String

        init(requiresLogin: Bool = false) throws {
            fixture = try Fixture(writes: .everything)
            passwords = try fixture.directory.file(
                "users",
                "# users\nme:\(AccessTests.hash)\n\nyou:\(AccessTests.hash)\n"
            )
            routes = try RegistryRoutes(
                fixture.store,
                names: ServedNames(hosts: []),
                drafts: DraftRule { _ in false },
                writes: .everything,
                access: AccessRule(fixture.store, passwords: Htpasswd(passwords), requiresLogin: requiresLogin),
                report: { _ in }
            )
        }

        func status(_ method: HTTPMethod, _ target: String, _ login: String? = nil, _ bytes: [UInt8] = []) -> Int {
            let fields = login.map { [("Authorization", $0)] } ?? []
            return Int(routes.send(method, "/v2/\(target)", [bytes], fields)?.status.code ?? 0)
        }

        func token(_ name: String, _ scopes: [String], until: Timestamp? = nil) throws -> String {
            "Bearer " + (try #require(try fixture.store.createToken(name, scopes: scopes, until: until)))
        }
    }

    private static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    private let bytes = Array("bytes".utf8)
    private var push: String { "app/blobs/uploads/?digest=\(Digest.of(bytes))" }

    @Test func `anybody reads, and writes take a login`() throws {
        let guarded = try Guarded()
        #expect(guarded.status(.POST, push, nil, bytes) == 401)
        #expect(guarded.status(.DELETE, "app/manifests/1") == 401)
        #expect(guarded.status(.POST, push, Self.basic("me", "secret"), bytes) == 201)
        #expect(guarded.status(.GET, "app/blobs/\(Digest.of(bytes))") == 200)
        #expect(guarded.status(.GET, "") == 200)
        let answer = guarded.routes.send(.POST, "/v2/\(push)")
        #expect(answer?["WWW-Authenticate"]?.hasPrefix("Basic realm=") == true)
        #expect(try answer?.code == "UNAUTHORIZED")
    }

    @Test func `where all log in, nothing is told to others`() throws {
        let guarded = try Guarded(requiresLogin: true)
        for target in ["", "app/tags/list", "app/manifests/1", "app/referrers/\(Digest.of(bytes))"] {
            #expect(guarded.status(.GET, target) == 401)
            #expect(guarded.status(.GET, target, Self.basic("me", "secret")) != 401)
        }
    }

    @Test func `the site is for who may read all of the store`() throws {
        let guarded = try Guarded(requiresLogin: true)
        func status(_ target: String, _ login: String? = nil) -> Int {
            let fields = login.map { [("Authorization", $0)] } ?? []
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: HTTPHeaders(fields))
            return Int(guarded.routes.answer(head).status.code)
        }
        let some = try guarded.token("some", ["app:pull"])
        let all = try guarded.token("all", ["*:pull"])
        for target in ["/", "/api/v1/releases", "/search?q=x", "/none"] {
            #expect(status(target) == 401)
            #expect(status(target, Self.basic("me", "wrong")) == 401)
            #expect(status(target, some) == 403)
        }
        #expect(status("/", all) == 200)
        #expect(status("/api/v1/releases", Self.basic("me", "secret")) == 200)
        let open = try Guarded()
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        #expect(open.routes.answer(head).status == .ok)
    }

    @Test(arguments: [
        basic("me", "wrong"), basic("me", ""), basic("none", "secret"), basic("", "secret"), "Basic x", "Basic", "",
        "Bearer", "Bearer x", "Bearer bindery_" + String(repeating: "0", count: 64), "Digest me",
        basic("me", "secret\0x"), basic("me", String(repeating: "x", count: 100)),
        basic("me", "bindery_" + String(repeating: "0", count: 64)),
    ])
    func `who isn't who they say is nobody, for reading too`(login: String) throws {
        #expect(try Guarded().status(.GET, "", login) == 401)
        #expect(try Guarded().status(.POST, push, login, bytes) == 401)
    }

    @Test func `a file of users that changes counts at once`() throws {
        let guarded = try Guarded()
        #expect(guarded.status(.GET, "", Self.basic("me", "secret")) == 200)
        try Directory.remove(guarded.passwords)
        _ = try guarded.fixture.directory.file("users", "other:\(Self.hash)\n")
        #expect(guarded.status(.GET, "", Self.basic("me", "secret")) == 401)
        #expect(guarded.status(.GET, "", Self.basic("other", "secret")) == 200)
    }

    @Test(arguments: ["me", "me:secret", "me:{SHA}x", ":\(hash)", "me:$apr1$x$y", "me:\(hash)x"])
    func `a file with other hashes is refused`(line: String) throws {
        let fixture = try Fixture()
        let path = try fixture.directory.file("users", line)
        #expect(throws: ServerError.self) { try Htpasswd(path) }
        #expect(throws: ServerError.self) { try Htpasswd(path + "-none") }
    }

    @Test func `a token may do what its scopes say, and is a password too`() throws {
        let guarded = try Guarded(requiresLogin: true)
        let token = try guarded.token("ci", ["app:pull,push", "team/*:pull"])
        let asPassword = Self.basic("whoever", String(token.dropFirst("Bearer ".utf8.count)))
        for login in [token, asPassword] {
            #expect(guarded.status(.POST, push, login, bytes) == 201)
            #expect(guarded.status(.GET, "app/blobs/\(Digest.of(bytes))", login) == 200)
            #expect(guarded.status(.GET, "team/x/tags/list", login) == 404)
            #expect(guarded.status(.GET, "other/tags/list", login) == 403)
            #expect(guarded.status(.POST, "team/x/blobs/uploads/", login) == 403)
            #expect(guarded.status(.DELETE, "app/manifests/1", login) == 403)
        }
        #expect(try guarded.fixture.store.removeToken("ci"))
        #expect(guarded.status(.GET, "", token) == 401)
    }

    @Test func `a token ends in its time, and only its hash is kept`() throws {
        let directory = try TemporaryStore(at: Timestamp(milliseconds: 1000))
        let store = try directory.open()
        let text = try #require(try store.createToken("ci", scopes: ["*:pull"], until: Timestamp(milliseconds: 2000)))
        #expect(try store.token(text)?.name == "ci")
        #expect(try store.createToken("ci", scopes: [], until: nil) == nil)
        #expect(try directory.open(at: Timestamp(milliseconds: 2000)).token(text) == nil)
        #expect(try store.tokens().map(\.scopes) == [["*:pull"]])
        let index = try File.open(store.paths.index).readBytes(limit: 64 << 20)
        #expect(!String(decoding: index, as: UTF8.self).contains(text))
        #expect(try store.events().map { $0["what"] } == ["token"])
    }

    @Test func `a blob is mounted only from what the caller may read`() throws {
        let guarded = try Guarded(requiresLogin: true)
        let digest = guarded.fixture.push(bytes, to: "private").digest
        let token = try guarded.token("ci", ["app:pull,push"])
        for query in ["mount=\(digest)&from=private", "mount=\(digest)"] {
            #expect(guarded.status(.POST, "app/blobs/uploads/?\(query)", token) == 202)
        }
        guarded.fixture.push(bytes, to: "app")
        #expect(guarded.status(.POST, "app/blobs/uploads/?mount=\(digest)", token) == 201)
    }

    @Test func `an upload is its beginner's`() throws {
        let guarded = try Guarded()
        let first = try guarded.token("one", ["app:push"])
        let second = try guarded.token("two", ["app:push"])
        let begun = guarded.routes.send(.POST, "/v2/app/blobs/uploads/", [], [("Authorization", first)])
        let upload = try #require(begun?["Location"]).dropFirst("/v2/".utf8.count)
        #expect(guarded.status(.GET, String(upload), second) == 404)
        #expect(guarded.status(.DELETE, String(upload), second) == 404)
        #expect(guarded.status(.GET, String(upload), first) == 204)
    }

    @Test func `a push is told with who pushed`() throws {
        let guarded = try Guarded()
        let text = #"{"schemaVersion":2,"manifests":[]}"#
        let fields = [
            ("Authorization", Self.basic("me", "secret")), ("Content-Type", "application/vnd.oci.image.index.v1+json"),
        ]
        #expect(guarded.routes.send(.PUT, "/v2/app/manifests/1", [Array(text.utf8)], fields)?.status == .created)
        #expect(try guarded.fixture.store.events().map { $0["pusher"] } == ["me", "me", "me"])
    }

    @Test(arguments: [
        ("*", "any/thing", true), ("app", "app", true), ("app", "app/x", false), ("app", "ap", false),
        ("team/*", "team/x/y", true), ("team/*", "team", false), ("*/x", "a/b/x", true), ("a*b*c", "a1b2b3c", true),
        ("a*b*c", "a1b2b3", false), ("**", "", true), ("a**", "a", true),
    ])
    func `a scope is of the repositories of its pattern`(pattern: String, name: String, isOf: Bool) throws {
        let scope = try #require(AccessScope(parsing: pattern + ":pull"))
        #expect(scope.allows(.pull, name) == isOf)
        #expect(!scope.allows(.push, name))
    }

    @Test(arguments: ["", "app", ":pull", "app:", "app:pull,", "app:read", "a b:pull", "app:pull:push"])
    func `another text is not a scope`(text: String) { #expect(AccessScope(parsing: text) == nil) }

    @Test(arguments: [
        ("localhost:5000", true), ("LOCALHOST", true), ("127.0.0.1:5000", true), ("[::1]:5000", true),
        ("registry.example", true), ("Registry.Example:443", true), ("evil.example", false),
        ("evil.example:5000", false),
        ("127.0.0.1.evil.example", false), ("localhost.evil.example", false), ("", false), ("[::1", false),
        ("1.2.3.4.5", false), ("a.localhost", true),
    ])
    func `a server on this machine is asked by its own names`(host: String, isAllowed: Bool) throws {
        let address = try ListenAddress(parsing: "127.0.0.1:5000")
        #expect(HostRule(for: address, hosts: ["registry.example:443"]).allows(host) == isAllowed)
        #expect(try HostRule(for: ListenAddress(parsing: "0.0.0.0:5000"), hosts: []).allows(host))
    }
}
