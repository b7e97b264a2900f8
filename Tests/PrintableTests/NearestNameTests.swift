import Printable
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("chekInterval", "checkInterval"), ("checkinterval", "checkInterval"), ("htpPort", "httpPort"),
        ("naem", "name"), ("xyz", nil), (String(repeating: "a", count: 100_000), nil),
    ])
    func findsTheNearestName(word: String, nearest: String?) {
        #expect(NearestName.of(word, in: ["checkInterval", "httpPort", "name"]) == nearest)
    }
}
