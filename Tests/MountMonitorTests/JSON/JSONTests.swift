import JSON
import Testing

@testable import MountMonitor

/// What is written, read back by the strict reader.
@Suite struct JSONTests {
    static func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

    static func parse(_ text: String) throws -> JSON { JSON(try document(text).value) }

    @Test(
        "writes each kind of value",
        arguments: [
            (.null, "null"), (.bool(true), "true"), (.integer(-12), "-12"), (.number(1500.5), "1500.5"),
            (.number(.infinity), "null"), (.duration(.milliseconds(1500)), "1500000000"),
            (.string("a\"\\b\n\r\tä😀\u{0}"), #""a\"\\b\n\r\tä😀\u0000""#), (.array([]), "[]"),
            (
                .object([.init("b", .integer(1)), .init("a", .array([.null, .bool(false)]))]),
                #"{"b":1,"a":[null,false]}"#
            ),
        ] as [(JSON, String)]
    )
    func writes(value: JSON, text: String) throws {
        #expect(value.text == text)
        #expect(try JSONTests.parse(text).text == text, "what we write reads back")
    }

    @Test func ofAMemberThatStandsTwiceTheLastCounts() throws {
        #expect(try JSONTests.parse(#"{"a": 1, "a": 2}"#)["a"] == .integer(2))
    }

    @Test func keepsALogLineOnOneLine() {
        let text = JSON.string("a\nb\u{2028}c\u{85}\u{7F}\u{1B}[31m").text
        #expect(text == "\"a\\nb\\u2028c\u{85}\\u007f\\u001b[31m\"")
    }
}
