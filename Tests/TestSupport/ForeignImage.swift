/// Mach-O and PE files with what tells builds apart, written after the formats' own descriptions.
package enum ForeignImage {
    package static func little(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    private static func big(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    private static func long(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func name(_ text: String, _ size: Int) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: size - text.utf8.count)
    }

    /// A 64-bit program with one segment that has `__text`, `__go_buildinfo` and `__bss`.
    package static func machO(uuid: [UInt8], code: [UInt8], go: [UInt8], address: UInt64 = 0x1_0000_0000) -> [UInt8] {
        let commandsSize = 72 + 3 * 80 + 24
        let codeOffset = 32 + commandsSize
        let goOffset = codeOffset + code.count
        let size = goOffset + go.count
        func section(_ text: String, _ segment: String, _ offset: Int, _ count: Int, _ type: UInt32) -> [UInt8] {
            name(text, 16) + name(segment, 16) + long(address + UInt64(offset)) + long(UInt64(count))
                + little(UInt32(offset), 0, 0, 0, type, 0, 0, 0)
        }
        let segment =
            little(0x19, UInt32(72 + 3 * 80)) + name("__ALL", 16) + long(address) + long(UInt64(size) + 4096)
            + long(0) + long(UInt64(size)) + little(7, 5, 3, 0)
            + section("__text", "__TEXT", codeOffset, code.count, 0x8000_0400)
            + section("__go_buildinfo", "__DATA", goOffset, go.count, 0)
            + section("__bss", "__DATA", 0, 4096, 1)
        let commands = segment + little(0x1B, 24) + uuid
        return little(0xFEED_FACF, 0x0100_000C, 0, 2, 2, UInt32(commands.count), 0, 0) + commands + code + go
    }

    /// A 64-bit program with `.text`, `.rdata` (the debug directory) and `.data` (Go's information).
    package static func portable(id: [UInt8], code: [UInt8], go: [UInt8]) -> [UInt8] {
        let headerSize = 64 + 24 + 240 + 3 * 40
        let codeOffset = headerSize
        let debugOffset = codeOffset + code.count
        let record = Array("RSDS".utf8) + id + Array("tool.pdb\0".utf8)
        let debug = little(0, 0, 0, 2, UInt32(record.count), 0x4000 + 28, UInt32(debugOffset + 28)) + record
        let goOffset = (debugOffset + debug.count + 15) / 16 * 16
        func section(_ text: String, _ address: UInt32, _ offset: Int, _ count: Int, _ flags: UInt32) -> [UInt8] {
            name(text, 8) + little(UInt32(count), address, UInt32(count), UInt32(offset), 0, 0, 0, flags)
        }
        var optional = [UInt8](repeating: 0, count: 240)
        optional.replaceSubrange(0..<2, with: [0x0B, 0x02])
        optional.replaceSubrange(68..<70, with: [3, 0])
        optional.replaceSubrange(108..<112, with: little(16))
        optional.replaceSubrange((112 + 6 * 8)..<(112 + 7 * 8), with: little(0x4000, 28))
        let coff: [UInt8] = [0x64, 0x86, 3, 0] + [UInt8](repeating: 0, count: 12) + [240, 0, 0x22, 0]
        var bytes = Array("MZ".utf8) + [UInt8](repeating: 0, count: 58) + little(64) + Array("PE\0\0".utf8) + coff
        bytes += optional
        bytes += section(".text", 0x1000, codeOffset, code.count, 0x6000_0020)
        bytes += section(".rdata", 0x4000, debugOffset, debug.count, 0x4000_0040)
        bytes += section(".data", 0x5000, goOffset, go.count, 0xC000_0040)
        bytes += code + debug
        bytes += [UInt8](repeating: 0, count: goOffset - bytes.count)
        return bytes + go
    }

    /// A universal file of thin ones.
    package static func universal(_ slices: [[UInt8]]) -> [UInt8] {
        var offset = 8 + slices.count * 20
        var header = big(0xCAFE_BABE, UInt32(slices.count))
        for slice in slices {
            header += big(0, 0, UInt32(offset), UInt32(slice.count), 0)
            offset += slice.count
        }
        return header + slices.flatMap { $0 }
    }
}
