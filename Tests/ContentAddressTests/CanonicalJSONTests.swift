import ContentAddress
import Testing

@Suite struct CanonicalJSONTests {
    @Test(
        arguments: [
            ([:], "{}"),
            ([], "[]"),
            (["b": 1, "a": [true, false, .null]], #"{"a":[true,false,null],"b":1}"#),
            (["a/b": "<&>\u{7f}é€"], "{\"a/b\":\"<&>\u{7f}é€\"}"),
            ("\u{08}\t\n\u{0C}\r\"\\\u{01}\u{1f}", #""\b\t\n\f\r\"\\\u0001\u001f""#),
            (.int(.min), "-9223372036854775808"),
            // RFC 8785, section 3.2.3: order by UTF-16 code units, where a surrogate comes before U+FB33.
            (["\u{fb33}": 1, "😀": 2, "€": 3, "\r": 4, "1": 5], "{\"\\r\":4,\"1\":5,\"€\":3,\"😀\":2,\"\u{fb33}\":1}"),
        ] as [(JSONValue, String)]
    )
    func writesTheOneForm(value: JSONValue, text: String) {
        #expect(String(decoding: CanonicalJSON.encode(value), as: UTF8.self) == text)
    }

    @Test func encodableValuesTakeTheSameForm() throws {
        struct Thing: Encodable {
            let size: Int64
            let name: String
            let digest: Digest
            let missing: String?
        }
        let thing = Thing(size: 3, name: "a/b", digest: .of("abc"), missing: nil)
        let text = String(decoding: try CanonicalJSON.encode(thing), as: UTF8.self)
        #expect(text == #"{"digest":"\#(Digest.of("abc"))","name":"a/b","size":3}"#)
    }

    @Test func floatingPointNumbersHaveNoCanonicalForm() {
        #expect(throws: (any Error).self) { try CanonicalJSON.encode(["a": 1.5]) }
    }
}
