import ContentAddress
import Testing

/// What stands in a URL (RFC 3986).
@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("a/b", "", "a%2Fb"), ("a/b", "/", "a/b"), ("repository:x:pull,push", "", "repository%3Ax%3Apull%2Cpush"),
        ("ä~-._", "", "%C3%A4~-._"), ("100% +", "", "100%25%20%2B"), ("", "", ""),
    ])
    func allButUnreservedAndKeptIsEncoded(text: String, kept: String, encoded: String) {
        #expect(PercentEncoding.encode(text, keeping: kept) == encoded)
    }

    @Test func bytesThatAreNotTextAreEncodedToo() {
        #expect(PercentEncoding.encode([0xFF, 0x00, 0x2F] as [UInt8], keeping: "/") == "%FF%00/")
    }

    @Test(arguments: [
        ("https://example.com/x", true), ("urn:x", true), ("a+b.c-d:e", true), ("", false), (":x", false),
        ("1a:b", false), ("a:", false), ("a:b c", false), ("a:ä", false), ("plain", false),
    ])
    func aURIHasASchemeAndNoBlanks(text: String, isURI: Bool) {
        #expect(URIText.isURI(text) == isURI)
    }
}
