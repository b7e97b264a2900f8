import ContentAddress
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// OCI distribution specification 1.1, "Listing Tags" (end-8).
struct TagListTests {
    @Test func `tags are listed in the order of their bytes`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["app:b", "app:a", "app:B", "app:1.10", "app:1.9", "apple:x", "app/le:y"])
        #expect(try fixture.answer("/v2/app/tags/list").text == #"{"name":"app","tags":["1.10","1.9","B","a","b"]}"#)
    }

    @Test func `n tags are listed behind last, and the link leads to the next`() throws {
        let fixture = try Fixture()
        let tags = (0..<7).map { "v\($0)" }
        try fixture.addImage(tags.map { "app:\($0)" })
        var found: [String] = []
        var target: String? = "/v2/app/tags/list?n=3"
        var pages = 0
        while let next = target, pages < 9 {
            let answer = fixture.answer(next)
            let words = try answer.text.split(separator: "\"").map(String.init)
            found += words.filter { $0.hasPrefix("v") }
            target = answer["Link"].map { link in
                #expect(link.hasSuffix(">; rel=\"next\""))
                return String(link.dropFirst().prefix { $0 != ">" })
            }
            pages += 1
        }
        #expect(found == tags)
        #expect(pages == 3)
    }

    @Test(arguments: [
        ("n=0", #"{"name":"app","tags":[]}"#), ("n=2", #"{"name":"app","tags":["a","b"]}"#),
        ("last=a", #"{"name":"app","tags":["b"]}"#), ("last=aa", #"{"name":"app","tags":["b"]}"#),
        ("last=b", #"{"name":"app","tags":[]}"#), ("n=1&last=%61", #"{"name":"app","tags":["b"]}"#),
        ("n=99999999", #"{"name":"app","tags":["a","b"]}"#), ("last=~&n=5", #"{"name":"app","tags":[]}"#),
        ("last=%F0%9F%98%80", #"{"name":"app","tags":[]}"#),
    ])
    func `the last page has no link`(query: String, body: String) throws {
        let fixture = try Fixture()
        try fixture.addImage(["app:a", "app:b"])
        let answer = fixture.answer("/v2/app/tags/list?\(query)")
        #expect(try answer.text == body)
        #expect(answer["Link"] == nil)
    }

    @Test(arguments: ["x", "-1", "1.5", "", "99999999999999999999"])
    func `what is not a number of tags is refused`(number: String) throws {
        let fixture = try Fixture()
        try fixture.addImage(["app:a"])
        let answer = fixture.answer("/v2/app/tags/list?n=\(number)")
        #expect(answer.status == .badRequest)
        #expect(try answer.code == "PAGINATION_NUMBER_INVALID")
    }

    @Test func `a port is not a tag`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["localhost:5000/app:1", "localhost:5000"])
        #expect(try fixture.answer("/v2/localhost/tags/list").text == #"{"name":"localhost","tags":["5000"]}"#)
        #expect(fixture.answer("/v2/localhost/manifests/5000").status == .ok)
    }
}
