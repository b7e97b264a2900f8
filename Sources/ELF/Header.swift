/// The ELF header (gABI chapter 4, "ELF Header"), with the counts that may stand elsewhere looked up.
struct Header {
    static let magic: [UInt8] = [0x7F, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F")]

    /// What EI_OSABI names besides Linux; System V, which most files say, can be any.
    let operatingSystem: String?
    let type: UInt16
    let machine: ELFMachine
    let flags: UInt32
    let entry: UInt64
    let programHeaders: Table
    let sectionHeaders: Table
    /// Index of the section with the section names; 0 for none.
    let nameSection: UInt64

    private static let systems: [UInt8: String] = [2: "netbsd", 6: "solaris", 7: "aix", 9: "freebsd", 12: "openbsd"]

    /// A table of equally long headers, which lies in the file.
    struct Table {
        let offset: UInt64
        let entrySize: UInt64
        let count: UInt64

        /// The offsets of its entries.
        var offsets: StrideTo<UInt64> { stride(from: offset, to: offset + entrySize * count, by: Int(entrySize)) }
    }

    init(_ view: ByteView) throws(ELFError) {
        let word = view.wordSize
        // Offsets of the fields, which move with the width of the three words after e_version.
        let afterWords = 24 + 3 * word
        operatingSystem = Self.systems[try view.integer(UInt8.self, "EI_OSABI", at: 7)]
        type = try view.integer(UInt16.self, "e_type", at: 16)
        machine = ELFMachine(rawValue: try view.integer(UInt16.self, "e_machine", at: 18))
        entry = try view.word("e_entry", at: 24)
        let programOffset = try view.word("e_phoff", at: 24 + word)
        let sectionOffset = try view.word("e_shoff", at: 24 + 2 * word)
        flags = try view.integer(UInt32.self, "e_flags", at: afterWords)
        let programEntry = try view.integer(UInt16.self, "e_phentsize", at: afterWords + 6)
        var programCount = UInt64(try view.integer(UInt16.self, "e_phnum", at: afterWords + 8))
        let sectionEntry = try view.integer(UInt16.self, "e_shentsize", at: afterWords + 10)
        var sectionCount = UInt64(try view.integer(UInt16.self, "e_shnum", at: afterWords + 12))
        var nameSection = UInt64(try view.integer(UInt16.self, "e_shstrndx", at: afterWords + 14))

        let sectionSize: UInt64 = view.elfClass == .elf64 ? 64 : 40
        if sectionOffset == 0 { sectionCount = 0 }
        if sectionOffset != 0 {
            // Counts too large for their 16 bits stand in the first section header.
            _ = try view.range("the first section header", at: sectionOffset, size: sectionSize)
            if sectionCount == 0 {
                sectionCount = try view.word("sh_size of section 0", at: sectionOffset + 8 + 3 * word)
            }
            if nameSection == 0xFFFF {
                nameSection = UInt64(
                    try view.integer(UInt32.self, "sh_link of section 0", at: sectionOffset + 8 + 4 * word)
                )
            }
            if programCount == 0xFFFF {
                programCount = UInt64(
                    try view.integer(UInt32.self, "sh_info of section 0", at: sectionOffset + 12 + 4 * word)
                )
            }
        }
        self.nameSection = sectionCount == 0 ? 0 : nameSection
        programHeaders = try Table(
            view,
            "the program header table",
            field: ("e_phentsize", afterWords + 6),
            offset: programOffset,
            entrySize: programEntry,
            expected: view.elfClass == .elf64 ? 56 : 32,
            count: programCount,
            limit: Limits.programHeaders
        )
        sectionHeaders = try Table(
            view,
            "the section header table",
            field: ("e_shentsize", afterWords + 10),
            offset: sectionOffset,
            entrySize: sectionEntry,
            expected: sectionSize,
            count: sectionCount,
            limit: Limits.sections
        )
    }
}

extension Header.Table {
    init(
        _ view: ByteView,
        _ what: String,
        field: (name: String, offset: UInt64),
        offset: UInt64,
        entrySize: UInt16,
        expected: UInt64,
        count: UInt64,
        limit: UInt64
    ) throws(ELFError) {
        self.offset = offset
        self.entrySize = expected
        self.count = count
        guard count > 0 else { return }
        guard UInt64(entrySize) == expected else {
            throw .invalid(what: field.name, offset: field.offset, found: "\(entrySize)", expected: "\(expected)")
        }
        guard count <= limit else {
            throw .tooMany(what: "the entries of \(what)", offset: offset, found: count, limit: limit)
        }
        _ = try view.range(what, at: offset, size: expected * count)
    }
}
