import Testing

@testable import ImageAssembler

/// Expectations are those of Go's filepath.Match.
@Suite struct PathPatternTests {
    @Test(arguments: [
        ("abc", "abc", true), ("*", "abc", true), ("*c", "abc", true), ("a*", "a", true), ("a*", "ab/c", false),
        ("a*/b", "abc/b", true), ("a*/b", "a/c/b", false), ("a*b*c*d*e*", "axbxcxdxe", true),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true), ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
        ("a*b?c*x", "abxbbxdbxebxczzx", true), ("a*b?c*x", "abxbbxdbxebxczzy", false), ("ab[c]", "abc", true),
        ("ab[b-d]", "abc", true), ("ab[e-g]", "abc", false), ("ab[^c]", "abc", false), ("ab[^b-d]", "abc", false),
        ("ab[^e-g]", "abc", true), (#"a\*b"#, "a*b", true), (#"a\*b"#, "ab", false), ("a?b", "a☺b", true),
        ("a[^a]b", "a☺b", true), ("a???b", "a☺b", false), ("[a-ζ]*", "α", true), ("*[a-ζ]", "A", false),
        ("a?b", "a/b", false), ("a*b", "a/b", false), (#"[\]a]"#, "]", true), (#"[\-]"#, "-", true),
        (#"[x\-]"#, "x", true),
        ("*x", "xxx", true), ("", "", true), ("", "a", false), ("*", "", true),
    ])
    func matches(pattern: String, path: String, expected: Bool) throws {
        #expect(try #require(CopyPattern(pattern)).matches(path) == expected)
    }

    @Test(arguments: ["[]a]", "[-]", "[x-]", "[-x]", "[", "[^", "[^bc", "[a-b-c]", #"\"#, "a[", "a[]b"])
    func malformed(pattern: String) {
        #expect(CopyPattern(pattern) == nil)
    }

    @Test func takesLinearStepsForStars() throws {
        let pattern = String(repeating: "*a", count: 1_000) + "b"
        #expect(try #require(CopyPattern(pattern)).matches(String(repeating: "a", count: 5_000)) == false)
    }
}
