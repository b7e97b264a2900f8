import Printable
import Testing

@Suite("Texts from outside, as part of one line")
struct PrintableTests {
    @Test(
        arguments: [
            ("", ""), ("plain name-1.2_3", "plain name-1.2_3"), ("größer 中 e\u{301} 🙂", "größer 中 e\u{301} 🙂"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{1B}[2J\u{7F}\0", "\\x1b[2J\\x7f\\x00"),
            ("\u{85}\u{9B}", "\\u{85}\\u{9b}"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"), ("\\n", "\\\\n"), ("C:\\x", "C:\\\\x"),
            ("\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}", "\\u{202a}\\u{202b}\\u{202c}\\u{202d}\\u{202e}"),
            ("\u{2066}\u{2067}\u{2068}\u{2069}", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"),
            ("\u{200E}\u{200F}\u{61C}\u{200B}\u{FEFF}\u{AD}", "\\u{200e}\\u{200f}\\u{61c}\\u{200b}\\u{feff}\\u{ad}"),
            ("\u{E0001}", "\\u{e0001}"),
            ("::error::no", "\\x3a:error::no"), (" \u{3000}::error::no", " \u{3000}\\x3a:error::no"), ("a::b", "a::b"),
            ("\n::error::no", "\\n\\x3a:error::no"), ("##[error]no", "\\x23#[error]no"),
            ("a ##vso[task]", "a \\x23#vso[task]"), ("###[x]", "#\\x23#[x]"), ("## [x]", "## [x]"), ("#[x]", "#[x]"),
            ("##teamcity[a", "\\x23#teamcity[a"), ("##a#[x]", "##a#[x]"),
        ] as [(String, String)]
    )
    func escapes(text: String, shown: String) {
        #expect(printable(text) == shown)
        #expect(printable(Array(text.utf8)) == shown)
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\\xffb"), ([0xC3], "\\xc3"), ([0xE2, 0x82, 0x2E], "\\xe2\\x82."),
            ([0xC0, 0x80], "\\xc0\\x80"), ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
            ([0xF0, 0x9F, 0x99, 0x82, 0xFE], "🙂\\xfe"),
            ([0x23, 0xFF, 0x23, 0x5B], "#\\xff#["), ([0x5C, 0xFF], "\\\\\\xff"),
        ] as [([UInt8], String)]
    )
    func bytesThatAreNoTextAreEscaped(bytes: [UInt8], shown: String) {
        #expect(printable(bytes) == shown)
    }

    @Test("each scalar and each pair of bytes gives one line, and no two of them the same")
    func oneLineEach() {
        var seen: Set<[UInt8]> = []
        func check(_ shown: String) {
            #expect(seen.insert(Array(shown.utf8)).inserted)
            let isSafe = shown.unicodeScalars.allSatisfy { scalar in
                ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            }
            #expect(isSafe && !shown.hasPrefix(":"))
        }
        for value in (0...0x2FFF).map({ UInt32($0) }) {
            if let scalar = Unicode.Scalar(value) { check(printable(String(scalar))) }
        }
        for first in UInt8(0x80)...0xFF {
            for second in UInt8(0)...0xFF where String(validating: [first, second], as: UTF8.self) == nil {
                check(printable([first, second]))
            }
        }
    }

    @Test(arguments: [0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFF] as [UInt32])
    func noncharactersAreEscaped(value: UInt32) throws {
        #expect(printable(String(try #require(Unicode.Scalar(value)))) == "\\u{\(String(value, radix: 16))}")
    }

    @Test func longTextsAreCut() {
        #expect(printable("ab\ncd", limit: 3) == "ab\\n…")
        #expect(printable("abc", limit: 3) == "abc")
    }

    @Test("a message keeps its lines and what was escaped in it, and nothing else")
    func messages() {
        let name = printable("x\n::error::\u{1B}\\")
        #expect(printableMessage("a \(name)\n  b") == "a \(name)\n  b")
        #expect(printableMessage("a\u{1B}\r\n::error::no\n  ##[x]") == "a\\x1b\\r\n\\x3a:error::no\n  \\x23#[x]")
    }
}
