import Testing

@testable import MountMonitor

@Suite struct JSONTests {
    static func parse(_ text: String) throws(JSONSyntaxError) -> JSON { try JSONParser.parse(Array(text.utf8)) }

    @Test(
        "reads each kind of value",
        arguments: [
            ("null", .null), ("true", .bool(true)), (" false ", .bool(false)), ("0", .integer(0)),
            ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
            ("1.5e3", .number(1500)), ("-0.25", .number(-0.25)), ("1E+2", .number(100)),
            (#""""#, .string("")), (#""a\"\\\/\b\f\n\r\tä""#, .string("a\"\\/\u{8}\u{C}\n\r\tä")),
            (#""\u00e9\ud83d\ude00\u0000""#, .string("é😀\u{0}")), ("[]", .array([])), ("{}", .object([])),
            ("[1, [2]]", .array([.integer(1), .array([.integer(2)])])),
            (#"{"b": 1, "a": null}"#, .object([.init("b", .integer(1)), .init("a", .null)])),
            ("\u{FEFF}1", .integer(1)),
        ] as [(String, JSON)]
    )
    func reads(text: String, value: JSON) throws {
        #expect(try JSONTests.parse(text) == value)
        #expect(try JSONTests.parse(value.text) == value, "what we write reads back")
    }

    @Test(
        "refuses what RFC 8259 does not have, and says where",
        arguments: [
            ("", 1, 1), ("nul", 1, 1), ("01", 1, 1), ("1.", 1, 1), ("-", 1, 1), ("1e", 1, 1), ("1e999", 1, 1),
            ("+1", 1, 1),
            (".5", 1, 1), ("[1,]", 1, 4), ("[1 2]", 1, 4), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2), ("{\"a\" 1}", 1, 6),
            ("\"", 1, 1), ("\"\n\"", 1, 2), (#""\x""#, 1, 2), (#""\u12g4""#, 1, 6), (#""\ud800""#, 1, 2),
            (#""\udc00""#, 1, 2), ("1 2", 1, 3), ("{\n  \"a\": 1,\n  \"a\": 2}", 3, 3), ("// x\n1", 1, 1),
            ("NaN", 1, 1),
            ("'a'", 1, 1), ("\u{A0}1", 1, 1),
        ] as [(String, Int, Int)]
    )
    func refuses(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONTests.parse(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func refusesTextThatIsNoUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xC3, 0x28, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test func boundsNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSONTests.parse(deep) }
        let fine = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(throws: Never.self) { try JSONTests.parse(fine) }
    }

    @Test("any cut of a document is an error, never a trap")
    func cuts() {
        let document = Array(#"{"a": [1.5e3, "x\u00e9\ud83d\ude00", true, null], "b": {"c": -1}}"#.utf8)
        for length in document.indices {
            #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(document[..<length])) }
        }
    }

    @Test func keepsALogLineOnOneLine() {
        let text = JSON.string("a\nb\u{2028}c\u{85}\u{7F}\u{1B}[31m").text
        #expect(text == "\"a\\nb\\u2028c\u{85}\\u007f\\u001b[31m\"")
    }

    /// A small generator with a fixed seed, so that a failure comes again.
    private struct Noise: RandomNumberGenerator {
        var state: UInt64 = 20_260_101

        mutating func next() -> UInt64 {
            // splitmix64
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test("a damaged document is read or refused, never a trap, and what is read can be written and read again")
    func damage() throws {
        let document = Array(
            #"{"a": [1.5e3, -0, "x\u00e9\ud83d\ude00\n", true, null], "bé": {"c": -1, "d": [[], {}]}}"#.utf8
        )
        let alphabet = Array(#"{}[]",:\ue0123456789-+.truefalsn "#.utf8) + [0, 0x7F, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        var noise = Noise()
        var read = 0
        for _ in 0..<20_000 {
            var bytes = document
            for _ in 0...Int.random(in: 0..<3, using: &noise) {
                let place = Int.random(in: bytes.indices, using: &noise)
                switch Int.random(in: 0..<3, using: &noise) {
                case 0: bytes[place] = alphabet.randomElement(using: &noise) ?? 0
                case 1: bytes.insert(alphabet.randomElement(using: &noise) ?? 0, at: place)
                default: bytes.remove(at: place)
                }
            }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            read += 1
            #expect(try JSONTests.parse(value.text) == value)
        }
        #expect(read > 100)
    }
}
