/// A small ELF program or library, written by hand in either class and byte order: no linker for most of them is around.
///
/// The layout is one PT_LOAD over the whole file at ``base``, so that an address is an offset plus the base.
struct ELFImage {
    static let base: UInt64 = 0x40_0000

    var is64 = true
    var isBig = false
    var type: UInt16 = 2
    var machine: UInt16 = 62
    var flags: UInt32 = 0
    var interpreter: String?
    var dynamic: [(tag: UInt64, value: Dynamic)]?
    var notes: [Note] = []
    var stackFlags: UInt32?
    /// Further sections with their contents.
    var extra: [(name: String, type: UInt32, flags: UInt64, bytes: [UInt8])] = []
    var hasSections = true

    enum Dynamic {
        case string(String)
        case number(UInt64)
    }

    struct Note {
        var owner: String
        var type: UInt32
        var bytes: [UInt8]
    }

    private var wordSize: Int { is64 ? 8 : 4 }

    func number(_ value: UInt64, _ size: Int) -> [UInt8] {
        let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        return isBig ? little.reversed() : little
    }

    func word(_ value: UInt64) -> [UInt8] { number(value, wordSize) }

    func noteBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        for note in notes {
            let owner = Array(note.owner.utf8) + [0]
            bytes += number(UInt64(owner.count), 4) + number(UInt64(note.bytes.count), 4) + number(UInt64(note.type), 4)
            bytes += padded(owner) + padded(note.bytes)
        }
        return bytes
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4) }

    private struct Placed {
        var name: String
        var type: UInt32
        var flags: UInt64
        var offset: Int
        var size: Int
        var link: Int = 0
        var entrySize: Int = 0
        var segment: UInt32?
    }

    // Eager, in file order: headers, contents, section headers.
    func bytes() -> [UInt8] {
        let headerSize = is64 ? 64 : 52
        let segmentSize = is64 ? 56 : 32
        let sectionSize = is64 ? 64 : 40
        let segmentCount =
            1 + (interpreter == nil ? 0 : 1) + (dynamic == nil ? 0 : 1) + (notes.isEmpty ? 0 : 1)
            + (stackFlags == nil ? 0 : 1)
        var body: [UInt8] = Array(repeating: 0, count: headerSize + segmentCount * segmentSize)
        var placed: [Placed] = []
        func place(_ name: String, _ type: UInt32, _ flags: UInt64, _ bytes: [UInt8], segment: UInt32? = nil) {
            while body.count % 16 != 0 { body.append(0) }
            placed.append(
                Placed(name: name, type: type, flags: flags, offset: body.count, size: bytes.count, segment: segment)
            )
            body += bytes
        }

        if let interpreter { place(".interp", 1, 2, Array(interpreter.utf8) + [0], segment: 3) }
        if let dynamic {
            var strings: [UInt8] = [0]
            var entries: [UInt8] = []
            for entry in dynamic {
                switch entry.value {
                case .number(let value): entries += word(entry.tag) + word(value)
                case .string(let text):
                    entries += word(entry.tag) + word(UInt64(strings.count))
                    strings += Array(text.utf8) + [0]
                }
            }
            place(".dynstr", 3, 2, strings)
            let table = placed[placed.count - 1]
            entries += word(5) + word(Self.base + UInt64(table.offset)) + word(10) + word(UInt64(table.size))
            entries += word(0) + word(0)
            place(".dynamic", 6, 3, entries, segment: 2)
            placed[placed.count - 1].link = placed.count - 1
            placed[placed.count - 1].entrySize = 2 * wordSize
        }
        if !notes.isEmpty { place(".note", 7, 2, noteBytes(), segment: 4) }
        for section in extra { place(section.name, section.type, section.flags, section.bytes) }

        var names: [UInt8] = [0]
        var nameOffsets: [Int] = []
        let all = placed.map(\.name) + [".shstrtab"]
        for name in all {
            nameOffsets.append(names.count)
            names += Array(name.utf8) + [0]
        }
        if hasSections { place(".shstrtab", 3, 0, names) }
        while body.count % 8 != 0 { body.append(0) }
        let sectionOffset = hasSections ? body.count : 0
        let loadSize = body.count
        if hasSections {
            body += Array(repeating: 0, count: sectionSize)
            for (index, section) in placed.enumerated() {
                let address = section.flags & 2 != 0 ? Self.base + UInt64(section.offset) : 0
                body += number(UInt64(nameOffsets[index]), 4) + number(UInt64(section.type), 4) + word(section.flags)
                body += word(address) + word(UInt64(section.offset)) + word(UInt64(section.size))
                body += number(UInt64(section.link), 4) + number(0, 4) + word(4) + word(UInt64(section.entrySize))
            }
        }

        var header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, is64 ? 2 : 1, isBig ? 2 : 1, 1] + Array(repeating: 0, count: 9)
        header += number(UInt64(type), 2) + number(UInt64(machine), 2) + number(1, 4)
        header += word(Self.base) + word(UInt64(headerSize)) + word(UInt64(sectionOffset)) + number(UInt64(flags), 4)
        header += number(UInt64(headerSize), 2) + number(UInt64(segmentSize), 2) + number(UInt64(segmentCount), 2)
        header += number(UInt64(sectionSize), 2) + number(hasSections ? UInt64(placed.count + 1) : 0, 2)
        header += number(hasSections ? UInt64(placed.count) : 0, 2)

        header += segment(1, flags: 6, offset: 0, size: loadSize)
        for section in placed {
            guard let type = section.segment else { continue }
            header += segment(type, flags: 4, offset: section.offset, size: section.size)
        }
        if let stackFlags { header += segment(0x6474_E551, flags: stackFlags, offset: 0, size: 0) }
        body.replaceSubrange(0..<header.count, with: header)
        return body
    }

    private func segment(_ type: UInt32, flags: UInt32, offset: Int, size: Int) -> [UInt8] {
        let address = word(Self.base + UInt64(offset))
        let sizes = word(UInt64(size)) + word(UInt64(size))
        let flags = number(UInt64(flags), 4)
        return number(UInt64(type), 4) + (is64 ? flags : []) + word(UInt64(offset)) + address + address + sizes
            + (is64 ? [] : flags) + word(4)
    }
}
