import ELF
import Foundation
import TestSupport
import Testing

/// Programs of other systems, written by hand after the formats' own descriptions.
@Suite struct ForeignProgramTests {
    private func read(_ bytes: [UInt8]) -> ForeignProgram? { bytes.withUnsafeBytes { ForeignProgram.read($0) } }

    private static func little(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    private static func big(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    private static func machO(_ processor: UInt32, type: UInt32 = 2, commands: [[UInt8]] = []) -> [UInt8] {
        let body = commands.flatMap { $0 }
        return little(0xFEED_FACF, processor, 0, type, UInt32(commands.count), UInt32(body.count), 0, 0) + body
    }

    private static func portable(machine: UInt16, subsystem: UInt16 = 3, runtime: UInt32 = 0) -> [UInt8] {
        var optional = [UInt8](repeating: 0, count: 240)
        optional.replaceSubrange(0..<2, with: [0x0B, 0x02])
        optional.replaceSubrange(68..<70, with: [UInt8(truncatingIfNeeded: subsystem), 0])
        optional.replaceSubrange(108..<112, with: little(16))
        optional.replaceSubrange((112 + 14 * 8)..<(112 + 14 * 8 + 4), with: little(runtime))
        let coff =
            [UInt8(truncatingIfNeeded: machine), UInt8(truncatingIfNeeded: machine >> 8)]
            + [UInt8](repeating: 0, count: 14) + [240, 0, 0x22, 0]
        return Array("MZ".utf8) + [UInt8](repeating: 0, count: 58) + little(64) + Array("PE\0\0".utf8) + coff + optional
    }

    @Test(arguments: [
        (machO(0x0100_000C), ["darwin/arm64"], true, true), (machO(0x0100_0007), ["darwin/amd64"], true, true),
        (machO(0x0100_000C, type: 6), ["darwin/arm64"], true, false),
        (machO(0x0100_000C, commands: [little(0x32, 24, 2, 0, 0, 0)]), ["ios/arm64"], true, true),
        (machO(0x0100_000C, commands: [little(0x32, 24, 1, 0, 0, 0)]), ["darwin/arm64"], true, true),
        (
            ForeignImage.universal([machO(0x0100_0007), machO(0x0100_000C)]), ["darwin/amd64", "darwin/arm64"], true,
            true
        ),
        (portable(machine: 0x8664), ["windows/amd64"], true, false),
        (portable(machine: 0xAA64, subsystem: 2), ["windows/arm64"], true, false),
        (portable(machine: 0x200), ["windows/ia64"], true, false),
        (portable(machine: 0x5064), ["windows/riscv64"], true, false),
        (portable(machine: 0x6264), ["windows/loong64"], true, false),
        (Array("\0asm".utf8) + [1, 0, 0, 0], ["wasip1/wasm"], false, false),
    ])
    func nameTheirPlatform(_ bytes: [UInt8], _ targets: [String], _ isBinding: Bool, _ isStarted: Bool) throws {
        let program = try #require(read(bytes + [UInt8](repeating: 0, count: 100)))
        #expect(program.targets.map { "\($0.os)/\($0.architecture)" } == targets)
        #expect(program.isBinding == isBinding)
        #expect(program.isStarted == isStarted)
    }

    @Test(arguments: [
        // A Java class of version 52, what firmware starts, an assembly for .NET, DOS, a component of WebAssembly.
        big(0xCAFE_BABE, 52) + [UInt8](repeating: 7, count: 2000), portable(machine: 0x8664, subsystem: 10),
        portable(machine: 0x14C, runtime: 0x2008), Array("MZ".utf8) + [UInt8](repeating: 1, count: 200),
        Array("\0asm".utf8) + [0x0D, 0, 1, 0], ForeignImage.universal([machO(0x0100_0007), big(1, 2, 3)]),
        machO(0x0100_000C, commands: [little(1, 4)]), machO(99), [], [0x4D],
    ])
    func othersAreNone(_ bytes: [UInt8]) {
        #expect(read(bytes) == nil)
    }

    @Test func whatIsCutOrAlteredNeverTraps() {
        let files = [
            ForeignImage.universal([Self.machO(0x0100_0007, commands: [Self.little(0x32, 24, 2, 0, 0, 0)])]),
            Self.portable(machine: 0x8664),
        ]
        for file in files {
            for count in 0..<file.count { _ = read(Array(file.prefix(count))) }
            for index in file.indices {
                for value: UInt8 in [0, 0x7F, 0xFF] {
                    var altered = file
                    altered[index] = value
                    _ = read(altered)
                }
            }
        }
    }
}
