import ContentAddress
import OCI
import Release
import Testing

@Suite struct LayerRecipeTests {
    private static let file = Digest.of("agent")

    private static func entry(_ path: String, _ kind: LayerRecipe.Kind, mode: UInt16 = 0o755) -> LayerRecipe.Entry {
        LayerRecipe.Entry(path: path, kind: kind, mode: mode, uid: 0, gid: .max, modified: -1)
    }

    private static let whole: LayerRecipe = {
        var labelled = entry("agent", .file(.blob(file), size: 5), mode: 0o4755)
        labelled.extendedAttributes = ["security.capability": [0, 1, 0xFF]]
        return LayerRecipe(
            tar: "bindery-tar/1",
            compression: "none",
            entries: [
                labelled, entry("d", .directory), entry("p", .pipe, mode: 0), entry("l", .symbolicLink(target: "../x")),
                entry("null", .device(isBlock: false, major: 1, minor: 3)),
                entry("disk", .device(isBlock: true, major: 8, minor: .max)),
                entry("base", .file(.member(layer: file, offset: 512), size: 0)),
            ]
        )
    }()

    @Test func whatIsWrittenIsReadAgain() throws {
        #expect(LayerRecipe(try JSONValue(parsing: Self.whole.bytes)) == Self.whole)
    }

    @Test func bytesAreThoseOfTheFormat() {
        let recipe = LayerRecipe(tar: "t", compression: "none", entries: [Self.entry("d", .directory, mode: 0o7)])
        let text =
            #"{"compression":"none","entries":[{"gid":4294967295,"mode":"0007","path":"d","time":-1,"#
            + #""type":"directory","uid":0}],"tar":"t"}"#
        #expect(String(decoding: recipe.bytes, as: UTF8.self) == text)
        #expect(recipe.digest == .of(text))
    }

    @Test(
        "what this version doesn't know isn't half read",
        arguments: [
            ("uid", JSONValue.int(-1)), ("gid", .int(1 << 32)), ("mode", "rwx"), ("mode", "200000"), ("type", "socket"),
            ("size", .int(-1)), ("size", "5"), ("digest", "sha512:00"), ("xattrs", .object(["a": "0"])),
            ("path", .null),
            ("time", "now"),
        ]
    )
    func oddMembers(name: String, value: JSONValue) throws {
        guard case .object(var recipe) = Self.whole.json, case .array(var entries)? = recipe["entries"],
            case .object(var entry)? = entries.first
        else {
            Issue.record("a recipe is an object with entries")
            return
        }
        entry[name] = value
        entries[0] = .object(entry)
        recipe["entries"] = .array(entries)
        #expect(LayerRecipe(.object(recipe)) == nil)
    }

    @Test func filesOfForeignRecipesAreListed() throws {
        let json = try JSONValue(
            parsing: Array(
                """
                {"entries":[{"path":"a","digest":"\(Self.file)"},{"path":"b"},7,{"path":"c","digest":"x"},
                {"path":"d","digest":"\(Self.file)","new":true}]}
                """.utf8
            )
        )
        #expect(LayerRecipe.files(in: json).map(\.path) == ["a", "d"])
        #expect(LayerRecipe.files(in: json, limit: 4).map(\.path) == ["a"])
        #expect(LayerRecipe.files(in: json, limit: -1).isEmpty)
        #expect(LayerRecipe.files(in: "text").isEmpty)
    }
}
