import FoundationEssentials
import Testing

@testable import HTTP

@Suite struct WrittenAddressTests {
    @Test(arguments: [
        "https://s3.example/b/k?X-Amz-Credential=A%2F20261128%2Fus&X-Amz-Signature=00+a==&n=*~-_.",
        "https://s3.example/a%2fb/c%7C?x=a|b&y={[<>]}\"^`\\", "https://s3.example/%zz/%?q=%&r=%1",
        "https://s3.example/é/ü?q=日本", "https://s3.example/?a=~~byte~41", "https://s3.example?a|b",
        "https://s3.example/a+b=c,d;e:f@g!$&'()*", "http://[::1]:5000/a?b=[c]", "https://s3.example/a?b?c=d?",
    ])
    func anAddressGoesOutAsItWasWritten(_ text: String) throws {
        let url = try #require(WrittenAddress.url(text))
        #expect(WrittenAddress.decode(url.absoluteString) == text)
    }

    @Test(arguments: [
        ("/x?a|b#part", "https://r.example/x?a|b"), ("up?[1]", "https://r.example/v2/up?[1]"),
        ("?é", "https://r.example/v2/t?é"),
        ("//s.example/x|y", "https://s.example/x|y"), ("a b", "https://r.example/v2/a%20b"),
        ("/x?u=http://o.example/a|b", "https://r.example/x?u=http://o.example/a|b"),
    ])
    func oneOfAnotherPlaceIsSeenFromThere(_ text: String, _ expected: String) throws {
        let base = try #require(URL(string: "https://r.example/v2/t?old"))
        let url = try #require(WrittenAddress.url(text, from: base))
        #expect(WrittenAddress.decode(url.absoluteString) == expected)
    }

    @Test(arguments: ["/a~~byte~0D~~byte~0Ab~~byte~20~~byte~4", "/a~~byte~7F", "/a~~byte~00~~byte~1f"])
    func noMarkEndsALine(_ text: String) {
        #expect(WrittenAddress.decode(text) == text)
    }
}
