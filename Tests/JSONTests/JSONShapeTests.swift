import JSON
import Testing

@Suite struct JSONShapeTests {
    private static let shape = JSONShape.object([
        "layers": .list(.object(["digest": .anything, "os.version": .anything])), "rootfs": .anything,
        "Labels": .map(.anything), "StopSignal": .anything, "mask": .anything,
    ])

    @Test(
        arguments: [
            // A known member in another spelling, whether or not the known one is there.
            (#"{"Layers":[]}"#, ["Layers"]),
            (#"{"layers":[],"layerſ":[]}"#, ["layerſ"]),
            (#"{"layers":[],"layer\u017f":[]}"#, ["layerſ"]),
            (#"{"rootf\u017F":{}}"#, ["rootfſ"]),
            ("{\"mas\u{212A}\":1}", ["mas\u{212A}"]),
            (#"{"layers":[{"digest":1},{"DIGEST":1,"OS.Version":2}]}"#, ["layers[1].DIGEST", "layers[1].OS.Version"]),
            // Those that nobody knows, and the keys of maps, are compared as they are.
            (#"{"x-note":1,"X-Note":2,"LAYER":3}"#, []),
            (#"{"Labels":{"layers":"1","Layers":"2","a":"1","A":"2"}}"#, []),
            (#"{"Labels":{"a":"1","a":"2"}}"#, ["Labels.a"]),
            (#"{"rootfs":{"x":{"y":1,"y":2}}}"#, ["rootfs.x.y"]),
            // Characters that fold to each other and to no letter of ASCII.
            ("{\"ma\u{DF}k\":1,\"\u{131}\":1,\"I\":2,\"\u{130}\":3}", []),
        ]
    )
    func findsWhatReadersResolveInDifferentWays(text: String, paths: [String]) throws {
        let document = try JSONDocument(Array(text.utf8))
        #expect(document.ambiguities(as: Self.shape).map(\.path) == paths)
    }

    /// Go's encoding/json compares by `unicode.SimpleFold`; these are all characters that it folds to ASCII letters.
    @Test func foldsAsGoDoes() {
        for scalar in (UInt32(0)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) {
            let folded = JSONFolding.fold(String(scalar))
            switch scalar {
            case "A"..."Z": #expect(folded == String(scalar).lowercased())
            case "\u{17F}": #expect(folded == "s")
            case "\u{212A}": #expect(folded == "k")
            default: if !folded.utf8.elementsEqual(String(scalar).utf8) { Issue.record("\(scalar) folds to \(folded)") }
            }
        }
    }
}
