import ContentAddress
import OCI
import Release
import Testing

@testable import RegistryServer

/// Markup: what is interpolated stays text.
struct HTMLTests {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\" onload=\"x", "&quot; onload=&quot;x"), ("'", "&#39;"), ("a & b", "a &amp; b"), ("&lt;", "&amp;lt;"),
        // Controls and what reorders a line are shown as what they are.
        ("a\u{0}b", "a\\x00b"), ("a\u{202E}b", "a\\u{202e}b"), ("a\nb", "a\\nb"), ("ä€😀", "ä€😀"),
    ])
    func `a name is escaped`(name: String, escaped: String) {
        let html: HTML = "<b title=\"\(name)\">\(name)</b>"
        #expect(html.text == "<b title=\"\(escaped)\">\(escaped)</b>")
    }

    @Test func `a text of several lines keeps them, and its markup is escaped`() {
        let html: HTML = "<pre>\(lines: "{\n<i>\n}")</pre>"
        #expect(html.text == "<pre>{\n&lt;i&gt;\n}</pre>")
    }

    @Test func `bytes that aren't UTF-8 are shown`() {
        let html: HTML = "\(bytes: [0x2F, 0xFF, 0x3C])"
        #expect(html.text == "/\\xff&lt;")
    }

    @Test func `markup is put together as it is`() {
        let part: HTML = "<i>\("&")</i>"
        let none: HTML? = nil
        let html: HTML = "\(part)\(none)\([part, part])|\([part, part].joined(", "))"
        let piece = "<i>&amp;</i>"
        #expect(html.text == piece + piece + piece + "|" + piece + ", " + piece)
    }

    @Test func `links stay on this server, whatever they carry`() throws {
        for text in ["//evil.example", "javascript:alert(1)", "a b&c=d#e", "\" onclick=\"", "ä", "%2e%2e/"] {
            let target = Link.tag(text).target
            #expect(target.hasPrefix("/tags?reference="))
            let read = try #require(RequestTarget(target))
            #expect(read.query == ["reference": text])
            #expect(!target.contains("\"") && !target.contains("#") && !target.contains(" "))
        }
    }

    @Test func `each link leads to the page that it names`() throws {
        let name = try RepositoryName(parsing: "team/agent")
        let release = try ReleaseKey(parsing: "team/agent@1.2.3_build.5")
        let digest = Digest.of("bytes")
        func route(_ link: Link) throws -> PageRoute? { try RequestTarget(link.target).flatMap { try PageRoute($0) } }
        guard case .names(let after)? = try route(.releases(after: name.text)), after == name else {
            Issue.record("names")
            return
        }
        guard case .name(let found, let page)? = try route(.name(name, page: 3)), found == name, page == 3 else {
            Issue.record("name")
            return
        }
        guard case .release(let key)? = try route(.release(release)), key == release else {
            Issue.record("release")
            return
        }
        guard case .files(let manifest, let identity, 2)? = try route(.files(digest, identity: "base", page: 2)),
            manifest == digest, identity == "base"
        else {
            Issue.record("files")
            return
        }
        for link: Link in [
            .home, .releases, .images, .audits, .graph, .storage, .log, .search, .identify, .digest(digest),
            .image(digest),
            .tag("agent:1"), .audits(verdict: "exact", before: 3), .graph(name.text), .log(before: 9), .entry(1),
        ] {
            #expect(try route(link) != nil, "\(link.target)")
        }
    }
}
