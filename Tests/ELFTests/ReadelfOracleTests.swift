import ELF
import Foundation
import Testing

/// GNU readelf is the reference, on what it says of every ELF file of this system and of images made here for machines that
/// this system has no files of.
@Suite struct ReadelfOracleTests {
    @Test func agreesWithReadelfOnEveryFileUnderUsr() throws {
        let paths = elfFiles(under: "/usr")
        #expect(paths.count > 100)
        let answers = try Readelf.ask(paths)
        for path in paths {
            let expected = try #require(answers[path], "readelf says nothing of \(path)")
            try compare(path, expected)
        }
    }

    @Test(
        arguments: [
            (true, false, 62), (true, false, 183), (true, true, 21), (true, false, 21), (true, true, 22),
            (true, false, 243),
            (true, false, 258), (true, true, 8), (false, false, 40), (false, true, 8), (false, false, 3),
            (false, true, 20),
        ] as [(Bool, Bool, UInt16)]
    )
    func agreesWithReadelfInBothClassesAndByteOrders(is64: Bool, isBig: Bool, machine: UInt16) throws {
        var image = ELFImage(is64: is64, isBig: isBig, type: 3, machine: machine)
        image.interpreter = "/lib/ld-test.so.1"
        image.dynamic = [
            (1, .string("libfirst.so.1")), (1, .string("libsecond.so.2")), (29, .string("$ORIGIN/../lib")),
            (15, .string("/opt/lib")), (0x6FFF_FFFB, .number(0x0800_0001)),
        ]
        image.notes = [
            .init(owner: "GNU", type: 3, bytes: Array(0..<20)), .init(owner: "Go", type: 4, bytes: Array("ab/cd".utf8)),
            .init(owner: "FDO", type: 0xCAFE_1A7E, bytes: Array(#"{"type":"deb"}"#.utf8) + [0]),
        ]
        image.stackFlags = 7
        image.extra = [(".text", 1, 6, Array(repeating: 0x90, count: 100)), (".symtab", 2, 0, [])]
        let path = FileManager.default.temporaryDirectory.appending(path: "elf-\(UUID().uuidString)").path
        try Data(image.bytes()).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }

        let expected = try #require(try Readelf.ask([path])[path])
        #expect(expected.needed == ["libfirst.so.1", "libsecond.so.2"])
        #expect(expected.buildID == "000102030405060708090a0b0c0d0e0f10111213")
        #expect(expected.executableStack == true)
        try compare(path, expected)
    }

    private func compare(_ path: String, _ expected: Readelf) throws {
        let file: ELFFile
        do {
            file = try #require(try readFile(path))
        } catch {
            Issue.record("\(path): \(error)")
            return
        }
        var said = Readelf(file, like: expected)
        // binutils knows a position-independent program by its flag alone; older linkers set none.
        if expected.type == "DYN (Shared object file)", file.type == .executable, file.soName == nil {
            said.type = expected.type
        }
        if said != expected {
            Issue.record("\(path): \(difference(said, expected))")
        }
        // What is read lies in the file.
        let size = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped).count
        #expect(file.sections.allSatisfy { $0.fileRange.upperBound <= size })
    }

    private func difference(_ said: Readelf, _ expected: Readelf) -> String {
        for (ours, theirs) in zip(said.sections, expected.sections) where ours != theirs {
            return "\(ours) against readelf's \(theirs)"
        }
        var said = said
        var expected = expected
        if said.sections.count == expected.sections.count {
            said.sections = []
            expected.sections = []
        }
        return "\(said) against readelf's \(expected)"
    }
}
