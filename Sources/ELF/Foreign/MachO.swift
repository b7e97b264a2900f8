/// Mach-O files, thin and universal (Apple's `mach-o/loader.h` and `mach-o/fat.h`).
enum MachO {
    /// A Java class has a universal file's magic, and a version where that has a count: no universal file has so many.
    private static let largestSliceCount: UInt32 = 32
    private static let largestCommandCount: UInt32 = 20_000
    private static let executable: UInt32 = 2
    private static let buildVersion: UInt32 = 0x32

    static func read(_ bytes: UnsafeRawBufferPointer) -> ForeignProgram? {
        let reader = ForeignReader(bytes)
        let slices = universal(reader) ?? thin(reader).map { [$0] } ?? []
        guard !slices.isEmpty else { return nil }
        return ForeignProgram(
            targets: slices.map(\.target),
            isBinding: true,
            isStarted: slices.allSatisfy(\.isExecutable),
            format: "Mach-O"
        )
    }

    private typealias Slice = (target: ForeignProgram.Target, isExecutable: Bool)

    private static func universal(_ reader: ForeignReader) -> [Slice]? {
        let magic = reader.number(UInt32.self, at: 0, isBig: true)
        guard magic == 0xCAFE_BABE || magic == 0xCAFE_BABF,
            let count = reader.number(UInt32.self, at: 4, isBig: true), (1...largestSliceCount).contains(count)
        else { return nil }
        let is64 = magic == 0xCAFE_BABF
        var slices: [Slice] = []
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
            guard let offset, let size, let slice = reader.part(at: offset, size: size).flatMap(thin) else {
                return nil
            }
            slices.append(slice)
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
            let architecture = architecture(processor), count <= largestCommandCount,
            let os = system(reader, isBig, from: is64 ? 32 : 28, count: count, size: size)
        else { return nil }
        return (ForeignProgram.Target(os: os, architecture: architecture), type == executable)
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

    // nil when the load commands aren't whole.
    private static func system(
        _ reader: ForeignReader,
        _ isBig: Bool,
        from start: UInt64,
        count: UInt32,
        size: UInt32
    ) -> String? {
        guard reader.part(at: start, size: UInt64(size)) != nil else { return nil }
        var os = "darwin"
        var offset = start
        for _ in 0..<count {
            guard let command = reader.number(UInt32.self, at: offset, isBig: isBig),
                let length = reader.number(UInt32.self, at: offset + 4, isBig: isBig), length >= 8,
                offset + UInt64(length) <= start + UInt64(size)
            else { return nil }
            if command == buildVersion, length >= 12 {
                switch reader.number(UInt32.self, at: offset + 8, isBig: isBig) {
                case 2, 7: os = "ios"
                case 3, 8: os = "tvos"
                case 4, 9: os = "watchos"
                default: break
                }
            }
            offset += UInt64(length)
        }
        return os
    }
}
