/// The load commands of a Mach-O file (Apple's `mach-o/loader.h`).
struct MachOCommands {
    struct Section {
        let name: String
        let offset: UInt64
        let size: UInt64
    }

    private static let largestCount: UInt32 = 20_000
    /// A program has about 40; what more there are aren't kept.
    private static let largestSectionCount = 1024
    private static let buildVersion: UInt32 = 0x32
    private static let uniqueID: UInt32 = 0x1B
    private static let segment32: UInt32 = 0x1
    private static let segment64: UInt32 = 0x19
    /// Section types without bytes in the file: S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL.
    private static let zeroFilled: Set<UInt32> = [0x1, 0xC, 0x12]

    private(set) var os = "darwin"
    private(set) var uuid: [UInt8]?
    private(set) var segments: [AddressMap.Load] = []
    /// Those that have bytes in the file, by what the file says: it may be shorter.
    private(set) var sections: [Section] = []

    private let isBig: Bool
    private let is64: Bool

    /// Nil when the commands aren't whole.
    init?(_ commands: ForeignReader, count: UInt32, isBig: Bool, is64: Bool) {
        guard count <= Self.largestCount else { return nil }
        self.isBig = isBig
        self.is64 = is64
        var offset: UInt64 = 0
        for _ in 0..<count {
            guard let kind = commands.number(UInt32.self, at: offset, isBig: isBig),
                let length = commands.number(UInt32.self, at: offset + 4, isBig: isBig), length >= 8,
                let command = commands.part(at: offset, size: UInt64(length))
            else { return nil }
            switch kind {
            case Self.buildVersion: readSystem(command)
            case Self.uniqueID: uuid = command.part(at: 8, size: 16).map { Array($0.bytes) }
            case Self.segment32, Self.segment64: readSegment(command, is64: kind == Self.segment64)
            default: break
            }
            offset += UInt64(length)
        }
    }

    private mutating func readSystem(_ command: ForeignReader) {
        switch command.number(UInt32.self, at: 8, isBig: isBig) {
        case 2, 7: os = "ios"
        case 3, 8: os = "tvos"
        case 4, 9: os = "watchos"
        default: break
        }
    }

    private mutating func readSegment(_ command: ForeignReader, is64: Bool) {
        func word(_ offset: UInt64) -> UInt64? {
            is64
                ? command.number(UInt64.self, at: offset, isBig: isBig)
                : command.number(UInt32.self, at: offset, isBig: isBig).map { UInt64($0) }
        }
        guard let address = word(24), let offset = word(is64 ? 40 : 32), let size = word(is64 ? 48 : 36),
            let count = command.number(UInt32.self, at: is64 ? 64 : 48, isBig: isBig)
        else { return }
        segments.append(AddressMap.Load(offset: offset, address: address, fileSize: size))
        for index in 0..<UInt64(count) {
            let entry = command.part(at: (is64 ? 72 : 56) + index * (is64 ? 80 : 68), size: is64 ? 80 : 68)
            guard let entry, sections.count < Self.largestSectionCount,
                let name = entry.name(at: 0, size: 16), let segment = entry.name(at: 16, size: 16),
                let size = is64
                    ? entry.number(UInt64.self, at: 40, isBig: isBig)
                    : entry.number(UInt32.self, at: 36, isBig: isBig).map({ UInt64($0) }),
                let offset = entry.number(UInt32.self, at: is64 ? 48 : 40, isBig: isBig),
                let flags = entry.number(UInt32.self, at: is64 ? 64 : 56, isBig: isBig)
            else { return }
            guard !Self.zeroFilled.contains(flags & 0xFF) else { continue }
            sections.append(Section(name: "\(segment),\(name)", offset: UInt64(offset), size: size))
        }
    }
}
