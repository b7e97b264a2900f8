/// The section table of a PE file, and what is found by it (Microsoft's "PE Format").
struct PortableSections {
    struct Entry {
        let name: String
        /// From the image's base on.
        let address: UInt64
        let offset: UInt64
        /// Bytes in the file that are the section's: what pads it to the file's alignment is left out.
        let size: UInt64
        let flags: UInt32
    }

    private static let headerSize: UInt64 = 40
    /// Windows loads programs with up to 96; what more there are aren't kept.
    private static let largestCount: UInt64 = 1024
    /// Initialised data that is read and written: where the Go linker puts its information.
    private static let writableData: UInt32 = 0xC000_0040
    private static let debugEntrySize: UInt64 = 28
    /// A linker writes three or four.
    private static let largestDebugCount: UInt64 = 64
    private static let codeView: UInt32 = 2
    /// `RSDS`, the GUID of 16 bytes, the age.
    private static let debugIDSize: UInt64 = 24

    let entries: [Entry]

    init(_ reader: ForeignReader, at start: UInt64, count: UInt16) {
        var entries: [Entry] = []
        for index in 0..<min(UInt64(count), Self.largestCount) {
            guard let header = reader.part(at: start + index * Self.headerSize, size: Self.headerSize),
                let name = header.name(at: 0, size: 8), let virtualSize = header.number(UInt32.self, at: 8),
                let address = header.number(UInt32.self, at: 12), let rawSize = header.number(UInt32.self, at: 16),
                let offset = header.number(UInt32.self, at: 20), let flags = header.number(UInt32.self, at: 36)
            else { break }
            let size = virtualSize == 0 ? rawSize : min(virtualSize, rawSize)
            entries.append(
                Entry(name: name, address: UInt64(address), offset: UInt64(offset), size: UInt64(size), flags: flags)
            )
        }
        self.entries = entries
    }

    /// The GUID and age that name the program's debug information, in the file's order of bytes.
    func debugID(_ reader: ForeignReader, at address: UInt64, size: UInt64) -> [UInt8]? {
        guard let place = AddressMap(loads(imageBase: 0)).offset(of: address) else { return nil }
        for index in 0..<min(size / Self.debugEntrySize, Self.largestDebugCount) {
            let entry = place.offset + index * Self.debugEntrySize
            guard reader.number(UInt32.self, at: entry + 12) == Self.codeView,
                let offset = reader.number(UInt32.self, at: entry + 24),
                let record = reader.part(at: UInt64(offset), size: Self.debugIDSize),
                record.bytes.starts(with: Array("RSDS".utf8)), record.bytes.dropFirst(4).contains(where: { $0 != 0 })
            else { continue }
            return Array(record.bytes.dropFirst(4))
        }
        return nil
    }

    /// What the Go linker recorded, in the first section of writable data.
    func goBuildInfo(_ reader: ForeignReader, imageBase: UInt64, is64: Bool) -> GoBuildInfo? {
        guard let data = entries.first(where: { $0.size > 0 && $0.flags & Self.writableData == Self.writableData })
        else { return nil }
        let view = ByteView(bytes: reader.bytes, elfClass: is64 ? .elf64 : .elf32, endianness: .little)
        return GoBuildInfo.locate(view, at: data.offset, size: data.size, AddressMap(loads(imageBase: imageBase)))
    }

    private func loads(imageBase: UInt64) -> [AddressMap.Load] {
        entries.compactMap { entry in
            let (address, isOver) = entry.address.addingReportingOverflow(imageBase)
            return isOver ? nil : AddressMap.Load(offset: entry.offset, address: address, fileSize: entry.size)
        }
    }
}
