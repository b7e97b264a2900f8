/// PE files, which Windows starts (Microsoft's "PE Format").
///
/// None of Windows' own is an assembly for .NET, which runs anywhere, and what firmware starts: Linux kernels are that.
enum PortableExecutable {
    private static let firmware: ClosedRange<UInt16> = 10...13
    private static let debugDirectory: UInt64 = 6
    private static let runtimeDirectory: UInt64 = 14

    static func read(_ bytes: UnsafeRawBufferPointer) -> ForeignProgram? {
        let reader = ForeignReader(bytes)
        guard reader.number(UInt16.self, at: 0, isBig: true) == 0x4D5A,
            let start = reader.number(UInt32.self, at: 0x3C).map({ UInt64($0) }),
            reader.number(UInt32.self, at: start, isBig: true) == 0x5045_0000,
            let machine = reader.number(UInt16.self, at: start + 4), let architecture = architecture(machine),
            let size = reader.number(UInt16.self, at: start + 20),
            let header = reader.part(at: start + 24, size: UInt64(size)),
            let magic = header.number(UInt16.self, at: 0), magic == 0x10B || magic == 0x20B,
            let subsystem = header.number(UInt16.self, at: 68), !firmware.contains(subsystem)
        else { return nil }
        let directories: UInt64 = magic == 0x20B ? 112 : 96
        let count = header.number(UInt32.self, at: directories - 4) ?? 0
        func directory(_ index: UInt64) -> (address: UInt32, size: UInt32)? {
            let entry = directories + 8 * index
            guard count > index, let address = header.number(UInt32.self, at: entry),
                let size = header.number(UInt32.self, at: entry + 4)
            else { return nil }
            return (address, size)
        }
        if let runtime = directory(runtimeDirectory), runtime.address != 0 || runtime.size != 0 { return nil }
        let sections = PortableSections(
            reader,
            at: start + 24 + UInt64(size),
            count: reader.number(UInt16.self, at: start + 6) ?? 0
        )
        var slice = ForeignProgram.Slice(target: ForeignProgram.Target(os: "windows", architecture: architecture))
        slice.sections = sections.entries.compactMap { section in
            reader.fileRange(at: section.offset, size: section.size).map { .init(name: section.name, fileRange: $0) }
        }
        if let debug = directory(debugDirectory) {
            slice.buildID = sections.debugID(reader, at: UInt64(debug.address), size: UInt64(debug.size))
        }
        let image =
            magic == 0x20B
            ? header.number(UInt64.self, at: 24) : header.number(UInt32.self, at: 28).map { UInt64($0) }
        slice.goBuildInfo = sections.goBuildInfo(reader, imageBase: image ?? 0, is64: magic == 0x20B)
        return ForeignProgram(slices: [slice], isBinding: true, isStarted: false, format: "PE")
    }

    private static func architecture(_ machine: UInt16) -> String? {
        switch machine {
        case 0x14C: "386"
        case 0x8664: "amd64"
        case 0x1C0, 0x1C2, 0x1C4: "arm"
        case 0xAA64: "arm64"
        case 0x200: "ia64"
        case 0x5064: "riscv64"
        case 0x6264: "loong64"
        default: nil
        }
    }
}
