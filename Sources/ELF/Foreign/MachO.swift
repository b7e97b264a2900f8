/// Mach-O files, thin and universal (Apple's `mach-o/loader.h` and `mach-o/fat.h`).
enum MachO {
    /// A Java class has a universal file's magic, and a version where that has a count: no universal file has so many.
    static let largestSliceCount: UInt32 = 32
    private static let executable: UInt32 = 2

    static func read(_ bytes: UnsafeRawBufferPointer) -> ForeignProgram? {
        let reader = ForeignReader(bytes)
        let slices = universal(reader) ?? thin(reader).map { [$0] } ?? []
        guard !slices.isEmpty else { return nil }
        return ForeignProgram(
            slices: slices.map(\.program),
            isBinding: true,
            isStarted: slices.allSatisfy(\.isExecutable),
            format: "Mach-O"
        )
    }

    private typealias Slice = (program: ForeignProgram.Slice, isExecutable: Bool)

    private static func universal(_ reader: ForeignReader) -> [Slice]? {
        let magic = reader.number(UInt32.self, at: 0, isBig: true)
        guard magic == 0xCAFE_BABE || magic == 0xCAFE_BABF,
            let count = reader.number(UInt32.self, at: 4, isBig: true), (1...largestSliceCount).contains(count)
        else { return nil }
        let is64 = magic == 0xCAFE_BABF
        var slices: [Slice] = []
        var ranges: [Range<Int>] = []
        for index in 0..<UInt64(count) {
            let entry = 8 + index * (is64 ? 32 : 20)
            let offset =
                is64
                ? reader.number(UInt64.self, at: entry + 8, isBig: true)
                : reader.number(UInt32.self, at: entry + 8, isBig: true).map { UInt64($0) }
            let size =
                is64
                ? reader.number(UInt64.self, at: entry + 16, isBig: true)
                : reader.number(UInt32.self, at: entry + 12, isBig: true).map { UInt64($0) }
            guard let offset, let size, let part = reader.part(at: offset, size: size), let slice = thin(part) else {
                return nil
            }
            slices.append(slice)
            ranges.append(part.base..<(part.base + part.bytes.count))
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
            // No linker writes it, and one program's facts would be kept once for each slice that lies over it.
            return slices.map { (ForeignProgram.Slice(target: $0.program.target), $0.isExecutable) }
        }
        return slices
    }

    private static func thin(_ reader: ForeignReader) -> Slice? {
        let isBig: Bool
        let is64: Bool
        switch reader.number(UInt32.self, at: 0, isBig: true) {
        case 0xFEED_FACE: (isBig, is64) = (true, false)
        case 0xFEED_FACF: (isBig, is64) = (true, true)
        case 0xCEFA_EDFE: (isBig, is64) = (false, false)
        case 0xCFFA_EDFE: (isBig, is64) = (false, true)
        default: return nil
        }
        func number(_ offset: UInt64) -> UInt32? { reader.number(UInt32.self, at: offset, isBig: isBig) }
        guard let processor = number(4), let type = number(12), let count = number(16), let size = number(20),
            let architecture = architecture(processor),
            let commands = reader.part(at: is64 ? 32 : 28, size: UInt64(size)).flatMap({
                MachOCommands($0, count: count, isBig: isBig, is64: is64)
            })
        else { return nil }
        var slice = ForeignProgram.Slice(target: ForeignProgram.Target(os: commands.os, architecture: architecture))
        slice.buildID = commands.uuid.flatMap { $0.allSatisfy { $0 == 0 } ? nil : $0 }
        slice.codeSection = "__TEXT,__text"
        slice.sections = commands.sections.compactMap { section in
            reader.fileRange(at: section.offset, size: section.size).map { .init(name: section.name, fileRange: $0) }
        }
        let view = ByteView(
            bytes: reader.bytes,
            elfClass: is64 ? .elf64 : .elf32,
            endianness: isBig ? .big : .little
        )
        slice.goBuildInfo = commands.sections.first { $0.name.hasSuffix(",__go_buildinfo") }.flatMap { section in
            GoBuildInfo.locate(view, at: section.offset, size: section.size, AddressMap(commands.segments))
        }
        return (slice, type == executable)
    }

    private static func architecture(_ processor: UInt32) -> String? {
        switch processor {
        case 7: "386"
        case 0x0100_0007: "amd64"
        case 12: "arm"
        case 0x0100_000C: "arm64"
        case 18: "ppc"
        case 0x0100_0012: "ppc64"
        default: nil
        }
    }
}
