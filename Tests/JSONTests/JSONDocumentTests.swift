import JSON
import Testing

@Suite struct JSONDocumentTests {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

    @Test(arguments: [
        "null", "true", "false", "0", "-0", "-1.5e+10", "1e-400", "\"\"", "[]", "{}", " [ ] ",
        "\t\r\n{ \"a\" : [ 1 , { } ] }\n", #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#, "\"\u{7f}é€😀\"", "[[[[]]]]",
        "123456789012345678901234567890",
    ])
    func acceptsWhatTheGrammarHas(text: String) throws {
        #expect(try document(text).irregularities.isEmpty)
    }

    /// RFC 8259, sections 2 to 7; each with the place at which it stops being JSON.
    @Test(
        arguments: [
            ("", 0, "the document ends where a value should be"),
            (" ", 1, "the document ends where a value should be"),
            ("nul", 0, "expected null"),
            ("True", 0, "no value starts like this"),
            ("// x\n1", 0, "JSON has no comments"),
            ("'a'", 0, "no value starts like this"),
            ("1 2", 2, "more text after the document's end"),
            ("{}\0", 2, "more text after the document's end"),
            ("{}{}", 2, "more text after the document's end"),
            ("01", 0, "a number with a leading zero"),
            ("-", 0, "a number without digits"),
            ("+1", 0, "no value starts like this"),
            (".5", 0, "no value starts like this"),
            ("1.", 0, "a number without digits after its point"),
            ("1e", 0, "a number without digits in its exponent"),
            ("1e400", 0, "a number out of range"),
            ("NaN", 0, "no value starts like this"),
            ("[1,]", 3, "a comma before ]"),
            ("[1 2]", 3, "expected , or ] in a list"),
            ("[", 1, "the document ends where a value should be"),
            ("{\"a\":1,}", 7, "a comma before }"),
            ("{,}", 1, "expected a member's name in quotes"),
            ("{a:1}", 1, "expected a member's name in quotes"),
            ("{\"a\"}", 4, "expected : after a member's name"),
            ("{\"a\":1 \"b\":2}", 7, "expected , or } in an object"),
            ("\"a", 0, "a text without its closing quote"),
            ("\"\t\"", 1, "a control character in a text must be escaped"),
            ("\"\0\"", 1, "a control character in a text must be escaped"),
            ("\"\\x\"", 1, "an escape that JSON does not have"),
            ("\"\\u12g4\"", 1, "\\u wants four hexadecimal digits"),
            ("\"\\u12", 1, "\\u wants four hexadecimal digits"),
            ("\"\\", 2, "the document ends in an escape"),
        ]
    )
    func stopsWhereTheBytesStopBeingJSON(text: String, offset: Int, reason: String) throws {
        let error = try #require(throws: JSONError.self) { try document(text) }
        #expect(error.offset == offset)
        #expect(error.reason == reason)
    }

    @Test func errorsNameLineColumnAndMember() throws {
        let error = try #require(throws: JSONError.self) {
            try document("{\"a\": 1,\n \"layers\": [{}, {\"size\": [1, 2, 01]}]}")
        }
        #expect((error.line, error.column) == (2, 33))
        #expect(error.path == "layers[1].size[2]")
        #expect(error.description == "line 2, column 33, in layers[1].size[2]: a number with a leading zero")
    }

    @Test func nestingAndSizeAreBounded() throws {
        let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        _ = try document(deep(128))
        #expect(throws: JSONError.self) { try document(deep(129)) }
        #expect(throws: JSONError.self) { try document(String(repeating: "{\"a\":", count: 1_000_000)) }
        let limits = JSONDocument.Limits(size: 4)
        #expect(throws: JSONError.self) { try JSONDocument(Array("12345".utf8), limits: limits) }
        #expect(try JSONDocument(Array("1234".utf8), limits: limits).value.int64 == 1234)
    }

    @Test(
        arguments: [
            (#"{"a":1,"b":2,"a":3}"#, ["a"]),
            (#"{"a":1,"\u0061":3}"#, ["a"]),
            (#"{"a":1,"A":3,"a/b":1,"a\/b":2}"#, ["a/b"]),
            (#"{"x":[0,{"k":1,"k":2,"k":3}]}"#, ["x[1].k", "x[1].k"]),
            (#"{"":1,"":2}"#, [""]),
        ]
    )
    func reportsRepeatedMembers(text: String, paths: [String]) throws {
        let found = try document(text).irregularities
        #expect(found.map(\.path) == paths)
        #expect(found.allSatisfy { $0.kind == .repeatedMember })
    }

    @Test(arguments: [
        ("{\"\u{e9}\":1,\"e\u{301}\":2,\"K\":3,\"\u{212A}\":4}", ["e\u{301}", "\u{212A}"]),
        (#"{"m":{"\u00e9":1,"e\u0301":2}}"#, ["m.e\u{301}"]),
        ("{\"\u{e9}\":1,\"e\":2,\"E\u{301}\":3}", []),
    ])
    func reportsNamesThatAreOneToReadersThatNormalise(text: String, paths: [String]) throws {
        let found = try document(text).irregularities
        #expect(found.map(\.path) == paths)
        #expect(found.allSatisfy { $0.kind == .equivalentMember })
        #expect(try document(text).ambiguities(as: .anything) == found)
    }

    @Test func reportsRepeatedMembersOfLargeObjects() throws {
        let members = (0..<1000).map { "\"m\($0)\":\($0)" }
        #expect(try document("{\(members.joined(separator: ","))}").irregularities.isEmpty)
        let twice = try document("{\((members + ["\"m77\":0"]).joined(separator: ","))}")
        #expect(twice.irregularities.map(\.path) == ["m77"])
        #expect(twice.value["m77"]?.int64 == 0)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], JSONIrregularity.Kind.invalidText, 1),
            ([0x22, 0xC0, 0x80, 0x22], .invalidText, 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidText, 1),
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidText, 1),
            ([0x22, 0x61, 0xE2, 0x82, 0x22], .invalidText, 2),
            (Array(#""\ud800""#.utf8), .invalidText, 1),
            (Array(#""\udc00\ud800""#.utf8), .invalidText, 1),
            (Array(#""a\ud83dx\ude00""#.utf8), .invalidText, 2),
            ([0xEF, 0xBB, 0xBF, 0x31], .byteOrderMark, 0),
        ] as [([UInt8], JSONIrregularity.Kind, Int)]
    )
    func reportsWhatIsNotUnicode(bytes: [UInt8], kind: JSONIrregularity.Kind, offset: Int) throws {
        let found = try JSONDocument(bytes).irregularities
        #expect(found.first?.kind == kind)
        #expect(found.first?.offset == offset)
    }

    @Test func valuesShowTheBytes() throws {
        let value = try document(#"{"b":[1,-2.5,"\u00e9\n\ud83d\ude00",null,true],"a":{"x":9223372036854775808}}"#)
            .value
        #expect(value.members.map(\.name) == ["b", "a"])
        let list = try #require(value["b"]?.elements)
        #expect(list.map(\.kind) == [.number, .number, .string, .null, .bool])
        #expect(list[0].int64 == 1)
        #expect(list[1].int64 == nil)
        #expect(list[1].double == -2.5)
        #expect(list[2].string == "é\n😀")
        #expect(list[4].bool == true)
        #expect(value["a"]?["x"]?.int64 == nil)
        #expect(value["a"]?["x"]?.double == 9_223_372_036_854_775_808)
        #expect(value["c"] == nil)
        #expect(value["a"].map { String(decoding: $0.source, as: UTF8.self) } == #"{"x":9223372036854775808}"#)
    }
}
