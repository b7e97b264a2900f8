import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import StoreTestSupport
import Testing

@testable import RegistryServer

/// The pages: that they are there, whole, and that nothing from outside becomes markup.
struct PageTests {
    private static let all = [
        "/", "/releases", "/images", "/audits", "/published", "/graph", "/storage", "/log", "/search", "/search?q=x",
        "/identify",
    ]

    /// What each page has.
    private func check(_ answer: Answer, _ target: String) throws {
        let text = try answer.text
        #expect(answer["Content-Type"] == "text/html; charset=utf-8", "\(target)")
        #expect(
            answer["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self'")
                == true
        )
        #expect(text.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">") && text.hasSuffix("</html>\n"), "\(target)")
        // The policy lets nothing of this run: it would only be broken.
        for part in [" style=", "<style", " onclick=", " onload=", "<script>", "javascript:", "http://", "https://"] {
            #expect(!text.contains(part), "\(target) has \(part)")
        }
        #expect(text.components(of: "<table") == text.components(of: "</table>"), "\(target)")
        #expect(text.components(of: "<section") == text.components(of: "</section>"), "\(target)")
    }

    @Test func `every page of an empty store is whole`() throws {
        let fixture = try Fixture()
        for target in Self.all {
            let answer = fixture.answer(target)
            #expect(answer.status == .ok, "\(target)")
            try check(answer, target)
            #expect(fixture.answer(target, .HEAD).body.count == answer.body.count)
        }
        #expect(fixture.reports.all.isEmpty)
    }

    @Test func `every page of a store with something in it is whole, and leads on`() throws {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1"])
        try fixture.addRelease("tool@1.0.0")
        let digest = Digest.of(Fixture.program)
        var sample = AuditSample()
        sample.image = image.index.digest
        sample.released = ("tool", "1.0.0", digest)
        try sample.record(in: fixture.store)
        try fixture.store.recordPublished("tool@1.0.0", at: "files:/srv/<tool>", digest: digest)
        let manifest = Digest.of("manifest")
        for (target, parts) in [
            ("/", ["tool 1.0.0", "agent:1"]), ("/releases", ["href=\"/releases/tool\""]),
            ("/releases/tool", ["href=\"/releases/tool@1.0.0\"", "linux/amd64"]),
            ("/releases/tool@1.0.0", ["\(digest)", "agent:1", "contains"]),
            ("/digests/\(digest)", ["Released file", "entry <a href=\"/log/", "agent:1"]),
            ("/images", ["agent:1", "/manifests/\(manifest)", "contains"]),
            ("/images/\(image.index.digest)", ["/manifests/\(manifest)", "/releases/tool@1.0.0", "a finding"]),
            ("/manifests/\(manifest)", ["/etc/other", "released", "unknown"]),
            ("/manifests/\(manifest)?identity=released", ["/tool"]),
            ("/tags?reference=agent:1", ["\(image.index.digest)"]), ("/audits", ["<svg", "agent:1"]),
            ("/published", ["files:/srv/&lt;tool&gt;", "/releases/tool@1.0.0", "not read yet"]),
            ("/audits?verdict=exact", ["No audit came to exact"]),
            ("/graph", ["<svg", "/images/\(image.index.digest)"]),
            ("/graph?name=tool", ["<path"]), ("/storage", ["release", "<svg"]), ("/log", ["/log/1"]),
            ("/log/1", ["Proof of inclusion"]), ("/search?q=tool", ["/releases/tool"]),
            ("/search?q=\(digest.hex.prefix(8))", ["/digests/\(digest)"]), ("/identify", ["<form"]),
        ] {
            let answer = fixture.answer(target)
            #expect(answer.status == .ok, "\(target)")
            try check(answer, target)
            let text = try answer.text
            for part in parts { #expect(text.contains(part), "\(target) lacks \(part)") }
        }
        #expect(fixture.reports.all.isEmpty)
    }

    @Test func `names, reasons, annotations and findings never become markup`() throws {
        let fixture = try Fixture()
        let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>"
        let image = try fixture.addImage(["agent:1"])
        let path = try fixture.directory.file("evil", Array("#!/bin/sh\n# evil\n".utf8), mode: 0o755)
        var request = try fixture.directory.request(path, "tool@1.0.0", platform: "linux/amd64")
        request.annotations = [evil: evil]
        _ = try fixture.store.put([request])
        _ = try fixture.store.removeImage(.init(parsing: "agent:1"), reason: evil)
        try fixture.store.tag(image.index.digest, as: .init(parsing: "agent:2"))
        var sample = AuditSample(reference: evil, image: image.index.digest)
        let digest = Digest.of(Array("#!/bin/sh\n# evil\n".utf8))
        sample.released = ("tool", "1.0.0", digest)
        sample.unknownPath = "/" + evil
        sample.message = evil
        sample.platform = evil
        try sample.record(in: fixture.store)
        let query = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        for target in Self.all + [
            "/releases/tool", "/releases/tool@1.0.0", "/digests/\(digest)", "/images/\(image.index.digest)",
            "/manifests/\(Digest.of("manifest"))", "/tags?reference=agent:1", "/graph?name=tool", "/search?q=" + query,
            "/tags?reference=" + query, "/audits?verdict=" + query, "/releases/" + query, "/graph?name=" + query,
            "/images?after=" + query,
        ] + (1...(try fixture.store.lastEvent())).map({ "/log/\($0)" }) {
            let text = try fixture.answer(target).text
            #expect(!text.contains("<script>") && !text.contains("<img"), "\(target)")
        }
        #expect(try fixture.answer("/digests/\(digest)").text.contains("&lt;script&gt;"))
    }

    @Test(arguments: [
        "/none", "/releases/none", "/releases/none@1", "/releases/UPPER", "/images/none", "/log/0", "/log/99",
        "/digests/sha256:\(String(repeating: "0", count: 64))", "/manifests/\(Digest.of("none"))",
        "/tags?reference=none",
        "/assets/none.css", "/graph?name=none",
    ])
    func `what isn't there is a page, too`(target: String) throws {
        let answer = try Fixture().answer(target)
        #expect(answer.status == .notFound)
        try check(answer, target)
    }

    @Test(arguments: [
        "/audits?verdict=x", "/log?before=0", "/releases/a?page=0", "/releases/a?page=1000001", "/graph?name=X",
        "/releases?after=X",
    ])
    func `a parameter that is wrong is told`(target: String) throws {
        let fixture = try Fixture()
        try fixture.addRelease("a@1")
        #expect(fixture.answer(target).status == .badRequest)
        #expect(fixture.reports.all.isEmpty)
    }

    @Test func `what pages load has a name of its own bytes, and stays`() throws {
        let fixture = try Fixture()
        for asset in [Assets.styles, Assets.script, Assets.icon] {
            #expect(try fixture.answer("/").text.contains("/assets/\(asset.name)\""))
            let answer = fixture.answer("/assets/\(asset.name)")
            #expect(try answer.bytes == asset.bytes)
            #expect(answer["Content-Type"] == asset.type)
            #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
        }
    }

    @Test func `a list goes on where its page ends`() throws {
        let fixture = try Fixture()
        for number in 0...NamesPage.pageSize {
            try fixture.addRelease("tool-\(1000 + number)@1.0.0", Array("#!/bin/sh\n# \(number)\n".utf8))
        }
        let first = try fixture.answer("/releases").text
        #expect(first.contains("href=\"/releases?after=tool-1099\"") && !first.contains("/tool-1100\""))
        #expect(try fixture.answer("/releases?after=tool-1099").text.contains("/releases/tool-1100\""))
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
