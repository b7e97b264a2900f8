import ImageAssembler
import Testing

@Suite struct ImageAnnotationsTests {
    @Test func standWhereTheyAreMeant() throws {
        var annotations = ImageAnnotations()
        for text in ["a=b", "index:a=c", "index,manifest-descriptor:d=e=f", "manifest:a=b"] {
            try annotations.add(text)
        }
        #expect(annotations.manifest == ["a": "b"])
        #expect(annotations.index == ["a": "c", "d": "e=f"])
        #expect(annotations.manifestDescriptor == ["d": "e=f"])
    }

    @Test(arguments: ["a=c", "manifest:a=c", "index,manifest:a=c"])
    func oneKeyHasOneValue(text: String) throws {
        var annotations = ImageAnnotations()
        try annotations.add("a=b")
        #expect(throws: ImageAnnotations.Mistake.repeated(text)) { try annotations.add(text) }
    }

    @Test(arguments: ["a", "=b", "layer:a=b", "index:=b"])
    func othersAreRefused(text: String) {
        var annotations = ImageAnnotations()
        #expect(throws: ImageAnnotations.Mistake.malformed(text)) { try annotations.add(text) }
    }
}
