/// What the dynamic section says (gABI chapter 5, "Dynamic Section").
struct DynamicTable {
    private(set) var needed: [String] = []
    private(set) var soName: String?
    private(set) var rPath: String?
    private(set) var runPath: String?
    /// Whether the linker was asked for a position-independent executable: it says so by DF_1_PIE in DT_FLAGS_1, or,
    /// before there was that, by a DT_DEBUG, which libraries don't get.
    private(set) var isPIE = false

    private enum Tag {
        static let null: UInt64 = 0
        static let needed: UInt64 = 1
        static let stringTable: UInt64 = 5
        static let stringTableSize: UInt64 = 10
        static let soName: UInt64 = 14
        static let rPath: UInt64 = 15
        static let debug: UInt64 = 21
        static let runPath: UInt64 = 29
        static let flags1: UInt64 = 0x6FFF_FFFB
        static let flagPIE: UInt64 = 0x0800_0000
    }

    init(_ view: ByteView, in region: Range<Int>, addresses: AddressMap) throws(ELFError) {
        let entries = try Self.entries(view, in: region)
        func value(_ tag: UInt64) -> UInt64? { entries.first { $0.tag == tag }?.value }
        isPIE = (value(Tag.flags1) ?? 0) & Tag.flagPIE != 0 || value(Tag.debug) != nil && value(Tag.soName) == nil

        let strings = try Self.strings(
            view,
            region,
            table: value(Tag.stringTable),
            size: value(Tag.stringTableSize),
            addresses
        )
        for entry in entries {
            switch entry.tag {
            case Tag.needed:
                guard UInt64(needed.count) < Limits.needed else {
                    throw .tooMany(
                        what: "the needed libraries",
                        offset: UInt64(region.lowerBound),
                        found: Limits.needed + 1,
                        limit: Limits.needed
                    )
                }
                needed.append(try Self.string(view, "DT_NEEDED", entry, strings))
            case Tag.soName: soName = try Self.string(view, "DT_SONAME", entry, strings)
            case Tag.rPath: rPath = try Self.string(view, "DT_RPATH", entry, strings)
            case Tag.runPath: runPath = try Self.string(view, "DT_RUNPATH", entry, strings)
            default: break
            }
        }
    }

    private typealias Entry = (tag: UInt64, value: UInt64, offset: UInt64)

    private static func entries(_ view: ByteView, in region: Range<Int>) throws(ELFError) -> [Entry] {
        let word = view.wordSize
        let count = UInt64(region.count) / (2 * word)
        guard count <= Limits.dynamicEntries else {
            throw .tooMany(
                what: "the entries of the dynamic section",
                offset: UInt64(region.lowerBound),
                found: count,
                limit: Limits.dynamicEntries
            )
        }
        var entries: [Entry] = []
        for index in 0..<count {
            let offset = UInt64(region.lowerBound) + 2 * word * index
            let tag = try view.word("d_tag", at: offset)
            if tag == Tag.null { break }
            entries.append((tag, try view.word("d_val", at: offset + word), offset))
        }
        return entries
    }

    private static func strings(
        _ view: ByteView,
        _ region: Range<Int>,
        table: UInt64?,
        size: UInt64?,
        _ addresses: AddressMap
    ) throws(ELFError) -> Range<Int> {
        guard let table else { return 0..<0 }
        guard let place = addresses.offset(of: table) else {
            throw .invalid(
                what: "DT_STRTAB of the dynamic section",
                offset: UInt64(region.lowerBound),
                found: "address 0x" + String(table, radix: 16),
                expected: "an address that a PT_LOAD segment has"
            )
        }
        return try view.range("the dynamic string table", at: place.offset, size: min(size ?? .max, place.available))
    }

    private static func string(
        _ view: ByteView,
        _ what: String,
        _ entry: Entry,
        _ strings: Range<Int>
    ) throws(ELFError) -> String {
        let (place, overflow) = UInt64(strings.lowerBound).addingReportingOverflow(entry.value)
        return try view.string(
            "\(what) (entry at \(entry.offset))",
            at: overflow ? .max : place,
            in: strings,
            limit: Limits.string
        )
    }
}
