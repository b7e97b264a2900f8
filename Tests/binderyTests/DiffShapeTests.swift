import ArtifactStore
import ImageAuditor
import ImageTransport
import OCI
import TestSupport
import Testing

@testable import bindery

@Suite struct DiffShapeTests {
    @Test("a path that isn't UTF-8 has its bytes in hexadecimal digits beside it, and no other one has")
    func pathHex() throws {
        try withTemporaryDirectory { directory in
            let store = try Store(
                at: directory + "/store",
                options: StoreOptions(create: true, actor: "ci", now: { Timestamp(milliseconds: 1) })
            )
            try Shell.run("mkdir -p one two; printf x >two/plain; printf y >two/e$(printf '\\377')", in: directory)
            let sides = try ["one", "two"].map { name in
                let source = try ImageSources.open(.rootFileSystem(path: "\(directory)/\(name)"))
                return ImageDifference.Side(try Auditor(store: store).audit(source), settings: [:])
            }
            let shape = ImageDiffShape(ImageDifference(from: sides[0], to: sides[1]))
            #expect(shape.files.map(\.path) == ["/e\u{FFFD}", "/plain"])
            #expect(shape.files.map(\.pathHex) == ["2f65ff", nil])
        }
    }
}
