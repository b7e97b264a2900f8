import JSON
import Testing

@Suite struct JSONDecodingTests {
    private struct Layer: Decodable, Equatable {
        let size: Int64
        var urls: [String]?
    }

    private struct Manifest: Decodable {
        let layers: [Layer]
        var annotations: [String: String]?
        var note: String?
        let version: Int
    }

    private func decode<Value: Decodable>(_ text: String, _ type: Value.Type = Value.self) throws -> Value {
        try JSONDocument(Array(text.utf8)).value.decode(type)
    }

    @Test func typedValuesAreViews() throws {
        let manifest: Manifest = try decode(
            #"{"version":2,"x":[{}],"layers":[{"size":1,"urls":["a"]},{"size":-2}],"annotations":{"a":"1","b":"2"}}"#
        )
        #expect(manifest.layers == [Layer(size: 1, urls: ["a"]), Layer(size: -2)])
        #expect(manifest.annotations == ["a": "1", "b": "2"])
        #expect(manifest.note == nil)
    }

    @Test func nullIsAnEmptyListAndNoOptional() throws {
        let manifest: Manifest = try decode(#"{"version":2,"layers":null,"annotations":null,"note":null}"#)
        #expect(manifest.layers.isEmpty)
        #expect(manifest.annotations == nil)
    }

    private struct Elements: Decodable, Equatable {
        struct Entry: Decodable, Equatable {
            var note: String?
            var isEmpty: Bool?
        }

        let entries: [Entry]
        let texts: [String]
        let numbers: [Int64]
        let flags: [Bool]
        let lists: [[String]]
        let map: [String: String]
        let objects: [String: Entry]
        let optionals: [String: String?]
    }

    private static let nulls = #"""
        {"entries":[null,{"note":"a"}],"texts":["a",null],"numbers":[null,2],"flags":[null],"lists":[null],
         "map":{"a":null,"b":"c"},"objects":{"x":null},"optionals":{"a":null}}
        """#

    @Test func nullInAListOrMapIsAnEmptyValueWhereThatIsAsked() throws {
        let value = try JSONDocument(Array(Self.nulls.utf8)).value
        let elements = try value.decode(Elements.self, readsNullElements: true)
        #expect(
            elements
                == Elements(
                    entries: [.init(), .init(note: "a")],
                    texts: ["a", ""],
                    numbers: [0, 2],
                    flags: [false],
                    lists: [[]],
                    map: ["a": "", "b": "c"],
                    objects: ["x": .init()],
                    optionals: ["a": nil]
                )
        )
        #expect(throws: DecodingError.self) { _ = try value.decode(Elements.self) }
    }

    @Test func nullForAMemberThatMustBeThereIsNoValue() throws {
        let value = try JSONDocument(Array(#"{"version":null,"layers":[null]}"#.utf8)).value
        #expect(throws: DecodingError.self) { _ = try value.decode(Manifest.self, readsNullElements: true) }
    }

    @Test(
        arguments: [
            (#"{"layers":[]}"#, "", "there is no 'version'"),
            (#"{"version":2.0,"layers":[]}"#, "version", "2.0 is not a whole number of 64 bits"),
            (#"{"version":2e0,"layers":[]}"#, "version", "2e0 is not a whole number of 64 bits"),
            (
                #"{"version":9223372036854775808,"layers":[]}"#, "version",
                "9223372036854775808 is not a whole number of 64 bits"
            ),
            (#"{"version":"2","layers":[]}"#, "version", "a whole number is expected, not a text"),
            (#"{"version":2,"layers":{}}"#, "layers", "a list is expected, not an object"),
            (
                #"{"version":2,"layers":[{"size":1},{"size":true}]}"#, "layers/[1]/size",
                "a whole number is expected, not true or false"
            ),
            (#"{"version":2,"layers":[null]}"#, "layers/[0]", "an object is expected, not null"),
        ]
    )
    func errorsNameTheMember(text: String, path: String, reason: String) throws {
        let error = try #require(throws: DecodingError.self) { _ = try decode(text, Manifest.self) }
        let context: DecodingError.Context =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: .init(codingPath: [], debugDescription: "")
            }
        #expect(context.codingPath.map(\.stringValue).joined(separator: "/") == path)
        #expect(context.debugDescription == reason)
    }

    @Test func theLastOfTwoMembersCounts() throws {
        #expect(try decode(#"{"size":1,"size":2}"#, Layer.self).size == 2)
        let many = (0..<20).map { "\"m\($0)\":\($0)" }.joined(separator: ",")
        #expect(try decode("{\"m3\":9,\(many),\"m4\":9}", [String: Int].self)["m4"] == 9)
    }
}
