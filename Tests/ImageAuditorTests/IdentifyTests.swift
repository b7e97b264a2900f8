import ArtifactStore
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import SystemIO
import TestSupport
import Testing

@Suite struct IdentifyTests {
    private func identify(
        _ bytes: [UInt8],
        named name: String = "agent",
        _ fixture: AuditFixture
    ) throws -> Identification {
        let path = fixture.directory + "/loose-\(UUID().uuidString)-" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return try FileIdentifier(store: fixture.store).identify(File.open(file), path: Array(file.utf8))
    }

    @Test func aReleasedFileIsNamed() throws {
        try AuditFixture.with { fixture in
            let found = try identify(AuditFixture.agent("1.2.2", "arm64").bytes, named: "x", fixture)
            #expect(found.artifacts.map(\.key.description) == ["agent 1.2.2 linux/arm64"])
        }
    }

    @Test func aStrippedOneIsToldByItsCode() throws {
        try AuditFixture.with { fixture in
            var program = AuditFixture.agent("1.2.3", "amd64")
            program.hasSymbols = false
            program.text = "1.2.3!"
            let found = try identify(program.bytes, named: "x", fixture)
            let best = try #require(found.near.first)
            #expect(best.artifacts.first?.key.description == "agent 1.2.3 linux/amd64")
            #expect(best.evidence == [.code, .buildID])
            #expect(best.missing == [".strtab", ".symtab"])
            #expect(best.changed == [".rodata", ".shstrtab"])
            #expect(best.added.isEmpty)
        }
    }

    /// A signature that is added, or symbols that are taken away, leave a program's code and identifier.
    @Test(arguments: [
        ForeignImage.machO(uuid: [UInt8](1...16), code: [UInt8](repeating: 0x90, count: 5000), go: [1]),
        ForeignImage.portable(id: [UInt8](1...20), code: [UInt8](repeating: 0x90, count: 5000), go: [1]),
    ])
    func programsOfOtherSystemsAreToldByTheirCodeAndIdentifier(_ program: [UInt8]) throws {
        try AuditFixture.with { fixture in
            let path = fixture.directory + "/tool"
            try Data(program).write(to: URL(fileURLWithPath: path))
            _ = try fixture.store.put([
                PutRequest(source: .path(path), name: .init(parsing: "tool"), version: .init(parsing: "1"))
            ])
            let found = try identify(program + [1, 2, 3], named: "x", fixture)
            let best = try #require(found.near.first)
            #expect(best.artifacts.map(\.key.name.text) == ["tool"])
            #expect(best.evidence == [.code, .buildID])
            #expect(best.changed.isEmpty && best.added.isEmpty && best.missing.isEmpty)
            #expect(best.summary.hasSuffix("all sections are the same, other bytes lie between or behind them"))
            // As one slice of a universal file.
            guard program.first != UInt8(ascii: "M") else { return }
            let universal = ForeignImage.universal([program])
            #expect(try identify(universal, named: "x", fixture).near.first?.evidence == [.code, .buildID])
            let twice = try identify(ForeignImage.universal([program, program]), named: "x", fixture)
            #expect(twice.near.map(\.evidence) == [[.code, .buildID]], "one release is named once")
        }
    }

    @Test func anotherBuildIsToldByItsContent() throws {
        try AuditFixture.with { fixture in
            // 300 KB of text that doesn't repeat, of which a new build changes a little in the middle.
            var state: UInt64 = 7
            var content = (0..<300_000).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            let path = fixture.directory + "/model.bin"
            try Data(content).write(to: URL(fileURLWithPath: path))
            _ = try fixture.store.put([
                PutRequest(
                    source: .path(path),
                    name: .init(parsing: "model"),
                    version: .init(parsing: "1"),
                    platform: .any
                )
            ])
            content.insert(contentsOf: Array("a few bytes more".utf8), at: 150_000)
            content[10] ^= 1
            let found = try identify(content, named: "model.bin", fixture)
            let best = try #require(found.alike.first)
            #expect(best.artifacts.first?.key.name.text == "model")
            #expect((900..<1000).contains(best.thousandths))
            let other = try identify(content.reversed(), named: "model.bin", fixture)
            #expect(other.alike.isEmpty)
        }
    }

    @Test func aPackedProgramIsSaidToBe() throws {
        try AuditFixture.with { fixture in
            var bytes = TestProgram(code: "x").bytes
            bytes.replaceSubrange(200..<204, with: Array("UPX!".utf8))
            let packed = try identify(bytes, fixture)
            let plain = try identify(TestProgram(code: "x").bytes, fixture)
            #expect(packed.isPacked)
            #expect(!plain.isPacked)
        }
    }
}
