import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// Under which names images are served (docs/serve.md).
struct ServedNamesTests {
    @Test func `an image is served under its registry and repository`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["registry.example/team/agent:1"])
        #expect(fixture.answer("/v2/registry.example/team/agent/manifests/1").status == .ok)
        #expect(fixture.answer("/v2/team/agent/manifests/1").status == .notFound)
    }

    @Test func `an image of a host that the server stands for is served under its repository`() throws {
        let fixture = try Fixture(hosts: ["registry.example", "localhost:5000"])
        try fixture.addImage(["registry.example/team/agent:1", "localhost:5000/app:2", "plain:3", "other.example/x:4"])
        for (repository, tag) in [("team/agent", "1"), ("app", "2"), ("plain", "3"), ("other.example/x", "4")] {
            #expect(fixture.answer("/v2/\(repository)/manifests/\(tag)").status == .ok, "\(repository)")
            #expect(try fixture.answer("/v2/\(repository)/tags/list").text.contains("[\"\(tag)\"]"))
        }
        #expect(fixture.answer("/v2/registry.example/team/agent/manifests/1").status == .notFound)
        #expect(fixture.answer("/v2/registry.example/team/agent/tags/list").status == .notFound)
    }

    @Test func `a name that stands for two images is served as neither, and stops the start`() throws {
        let fixture = try Fixture(hosts: ["registry.example"])
        try fixture.addImage(["agent:1", "agent:2"])
        try fixture.addImage(["registry.example/agent:1"], note: "other")
        #expect(fixture.answer("/v2/agent/manifests/1").status == .notFound)
        #expect(fixture.answer("/v2/agent/manifests/2").status == .ok)
        #expect(try fixture.answer("/v2/agent/tags/list").text == #"{"name":"agent","tags":["2"]}"#)
        let names = try ServedNames(hosts: ["registry.example"])
        #expect(throws: ServerError.self) { try names.unserved(in: fixture.store) }
        #expect(try ServedNames(hosts: []).unserved(in: fixture.store).isEmpty)
    }

    @Test func `one image under two spellings is one`() throws {
        let fixture = try Fixture(hosts: ["registry.example"])
        try fixture.addImage(["agent:1", "registry.example/agent:1"])
        #expect(fixture.answer("/v2/agent/manifests/1").status == .ok)
        #expect(try fixture.answer("/v2/agent/tags/list").text == #"{"name":"agent","tags":["1"]}"#)
    }

    @Test func `names that no repository can have are told`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["localhost:5000/app:1", "app:1", "releases/app:1"])
        let unserved = try ServedNames(hosts: []).unserved(in: fixture.store)
        #expect(unserved == ["localhost:5000/app:1", "releases/app:1"])
        #expect(fixture.answer("/v2/releases/app/manifests/1").status == .notFound)
    }

    @Test(arguments: ["", "registry", "a/b.example", "x y.example", "..", "registry.example/"])
    func `what is not a registry is refused`(host: String) {
        #expect(throws: ServerError.host(host)) { try ServedNames(hosts: [host]) }
    }

    @Test func `an image of an unsealed draft isn't served`() throws {
        let plain = try Fixture()
        let draft = try plain.addImage(["agent:1"])
        let fixture = try Fixture(withheld: [draft.index.digest])
        try fixture.addImage(["agent:1"])
        try fixture.addImage(["agent:2"], note: "final")
        #expect(fixture.answer("/v2/agent/manifests/1").status == .notFound)
        #expect(fixture.answer("/v2/agent/manifests/\(draft.index.digest)").status == .notFound)
        #expect(fixture.answer("/v2/agent/manifests/\(draft.manifests[0].digest)").status == .notFound)
        #expect(fixture.answer("/v2/agent/blobs/\(draft.config.digest)").status == .notFound)
        #expect(fixture.answer("/v2/agent/manifests/2").status == .ok)
        #expect(try fixture.answer("/v2/agent/tags/list").text == #"{"name":"agent","tags":["2"]}"#)
    }

    @Test func `an image that was moved or removed is served no more`() throws {
        let fixture = try Fixture()
        let first = try fixture.addImage(["agent:1"])
        #expect(fixture.answer("/v2/agent/manifests/1")["Docker-Content-Digest"] == "\(first.index.digest)")
        let second = try fixture.addImage(["agent:1"], note: "second")
        #expect(fixture.answer("/v2/agent/manifests/1")["Docker-Content-Digest"] == "\(second.index.digest)")
        #expect(fixture.answer("/v2/agent/manifests/\(first.index.digest)").status == .notFound)
        _ = try fixture.store.removeImage(try ImageReference(parsing: "agent:1"))
        #expect(fixture.answer("/v2/agent/manifests/1").status == .notFound)
        #expect(fixture.answer("/v2/agent/tags/list").status == .notFound)
    }
}
