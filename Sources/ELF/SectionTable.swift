/// The section headers with their names and the one fact that is of use in here only.
struct SectionTable {
    let sections: [ELFFile.Section]
    /// `sh_addralign` of each.
    let alignments: [UInt64]

    init(_ view: ByteView, _ header: Header) throws(ELFError) {
        var raw: [Raw] = []
        for place in header.sectionHeaders.offsets { raw.append(try Raw(view, at: place)) }
        let names = try Self.names(view, header, raw)

        var sections: [ELFFile.Section] = []
        var nameBytes = 0
        for (index, entry) in raw.enumerated().dropFirst() {
            var name = ""
            if let names {
                let (place, overflow) = UInt64(names.lowerBound).addingReportingOverflow(UInt64(entry.name))
                name = try view.string(
                    "the name of section \(index)",
                    at: overflow ? .max : place,
                    in: names,
                    limit: Limits.sectionName
                )
                nameBytes += name.utf8.count
                guard nameBytes <= Limits.sectionNames else {
                    throw .tooMany(
                        what: "the bytes of the section names",
                        offset: UInt64(names.lowerBound),
                        found: UInt64(nameBytes),
                        limit: UInt64(Limits.sectionNames)
                    )
                }
            }
            let section = ELFFile.Section(
                name: name,
                type: ELFFile.SectionType(rawValue: entry.type),
                flags: ELFFile.SectionFlags(rawValue: entry.flags),
                address: entry.address,
                offset: entry.offset,
                size: entry.size
            )
            if section.type != .nobits, section.type != .null {
                _ = try view.range("section \(index) '\(name)'", at: entry.offset, size: entry.size)
            }
            sections.append(section)
        }
        self.sections = sections
        alignments = raw.dropFirst().map(\.alignment)
    }

    /// The range of the file that holds the section names; nil where there are none.
    private static func names(_ view: ByteView, _ header: Header, _ raw: [Raw]) throws(ELFError) -> Range<Int>? {
        guard header.nameSection != 0 else { return nil }
        guard header.nameSection < UInt64(raw.count) else {
            throw .invalid(
                what: "e_shstrndx",
                offset: 24 + 3 * view.wordSize + 14,
                found: "\(header.nameSection)",
                expected: "the index of one of the \(raw.count) sections"
            )
        }
        let table = raw[Int(header.nameSection)]
        // A file of debug information alone may have its name table emptied too.
        guard table.type != ELFFile.SectionType.nobits.rawValue else { return nil }
        return try view.range("the section name table", at: table.offset, size: table.size)
    }

    private struct Raw {
        let name: UInt32
        let type: UInt32
        let flags: UInt64
        let address: UInt64
        let offset: UInt64
        let size: UInt64
        let alignment: UInt64

        init(_ view: ByteView, at place: UInt64) throws(ELFError) {
            let word = view.wordSize
            name = try view.integer(UInt32.self, "sh_name", at: place)
            type = try view.integer(UInt32.self, "sh_type", at: place + 4)
            flags = try view.word("sh_flags", at: place + 8)
            address = try view.word("sh_addr", at: place + 8 + word)
            offset = try view.word("sh_offset", at: place + 8 + 2 * word)
            size = try view.word("sh_size", at: place + 8 + 3 * word)
            alignment = try view.word("sh_addralign", at: place + 16 + 4 * word)
        }
    }
}
