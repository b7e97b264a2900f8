import ELF
import Foundation
import TestSupport
import Testing

/// What brings builds of one program for other systems together.
@Suite struct ForeignIdentityTests {
    private static let identifier = [UInt8](1...16)
    private static let code = [UInt8](repeating: 0x90, count: 5000)
    private static let go = GoBuildInfoTests.inline(
        "go1.22.1",
        "path\texample.com/tool/cmd\nmod\texample.com/tool\tv1.2.3\th1:aaaa=\nbuild\tGOOS=darwin\n"
    )

    private static let machO = ForeignImage.machO(uuid: identifier, code: code, go: go)
    private static let portable = ForeignImage.portable(id: identifier + [1, 0, 0, 0], code: code, go: go)

    private func read(_ bytes: [UInt8]) -> ForeignProgram? { bytes.withUnsafeBytes { ForeignProgram.read($0) } }

    @Test(arguments: [(machO, "__TEXT,__text", 16), (portable, ".text", 20)])
    func isRead(_ file: [UInt8], _ codeSection: String, _ idSize: Int) throws {
        let slice = try #require(read(file)?.slices.first)
        #expect(slice.buildID?.prefix(16) == Self.identifier[...])
        #expect(slice.buildID?.count == idSize)
        #expect(slice.codeSection == codeSection)
        let section = try #require(slice.sections.first { $0.name == codeSection })
        #expect(Array(file[section.fileRange]) == Self.code)
        #expect(!slice.sections.contains { $0.name.hasSuffix("__bss") })
        #expect(slice.goBuildInfo?.goVersion == "go1.22.1")
        #expect(slice.goBuildInfo?.packagePath == "example.com/tool/cmd")
        #expect(slice.goBuildInfo?.settings == ["GOOS": "darwin"])
    }

    /// Sections of a universal file's slices stand behind the whole file's start.
    @Test func eachSliceHasItsOwn() throws {
        let other = ForeignImage.machO(uuid: Self.identifier.reversed(), code: [1] + Self.code, go: [])
        let bytes = ForeignImage.universal([Self.machO, other])
        let slices = try #require(read(bytes)?.slices)
        #expect(slices.map(\.buildID) == [Self.identifier, Self.identifier.reversed()])
        #expect(slices.map { $0.goBuildInfo != nil } == [true, false])
        #expect(slices.map { $0.sections.first.map { Array(bytes[$0.fileRange]) } } == [Self.code, [1] + Self.code])
    }

    /// Linkers that are told to be reproducible may leave it empty: it brings nothing together then.
    @Test func anIdentifierOfZerosIsNone() throws {
        let zeros = [UInt8](repeating: 0, count: 20)
        let files = [
            ForeignImage.machO(uuid: Array(zeros.prefix(16)), code: Self.code, go: []),
            ForeignImage.portable(id: zeros, code: Self.code, go: []),
        ]
        for file in files { #expect(try #require(read(file)?.slices.first).buildID == nil) }
    }

    /// One program isn't kept once for each slice that names its bytes.
    @Test func slicesThatOverlapHaveTheirPlatformAlone() throws {
        var bytes = ForeignImage.universal([Self.machO, Self.machO])
        // The second slice's offset, and with it its bytes, become the first's.
        bytes.replaceSubrange(36..<40, with: bytes[16..<20])
        let program = try #require(read(bytes))
        #expect(program.targets.map(\.description) == ["darwin/arm64", "darwin/arm64"])
        #expect(program.slices.allSatisfy { $0.sections.isEmpty && $0.buildID == nil && $0.goBuildInfo == nil })
    }

    /// The platform needs the headers alone; what lies outside of a cut file is left out.
    @Test func whatIsCutOffIsLeftOut() throws {
        for (file, headers) in [(Self.machO, 32 + 336), (Self.portable, 448)] {
            let slice = try #require(read(Array(file.prefix(headers)))?.slices.first)
            #expect(slice.sections.isEmpty)
            #expect(slice.goBuildInfo == nil)
        }
    }

    @Test func alteredFilesNeverTrap() {
        for file in [Self.machO, Self.portable] {
            for index in Array(file.indices.prefix(700)) + Array(file.indices.suffix(300)) {
                for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                    var altered = file
                    altered[index] = value
                    for slice in read(altered)?.slices ?? [] {
                        #expect(slice.sections.allSatisfy { $0.fileRange.upperBound <= altered.count })
                    }
                }
            }
        }
    }

    /// Made by lld-link and clang (Tests/Fuzz/seeds.sh); the GUID ends with what lld writes into each.
    @Test func readsWhatLinkersWrite() throws {
        let seeds = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/seeds/elf")
        let windows = try #require(read(Array(try Data(contentsOf: seeds.appending(path: "windows")))))
        #expect(windows.summary == "a PE file for windows/amd64")
        #expect(windows.slices[0].buildID == Self.windowsID)
        #expect(windows.slices[0].sections.map(\.name) == [".text", ".rdata", ".data"])
        let object = try #require(read(Array(try Data(contentsOf: seeds.appending(path: "darwin-object")))))
        #expect(object.slices[0].sections.map(\.name).contains("__TEXT,__text"))
        #expect(!object.isStarted)
    }

    private static let windowsID: [UInt8] = [
        0xCA, 0x66, 0xFE, 0x1C, 0x72, 0x49, 0xFC, 0xDF, 0x4C, 0x4C, 0x44, 0x20, 0x50, 0x44, 0x42, 0x2E, 1, 0, 0, 0,
    ]
}
