/// One program header (gABI chapter 5, "Program Header").
struct Segment {
    static let load: UInt32 = 1
    static let dynamic: UInt32 = 2
    static let interpreter: UInt32 = 3
    static let note: UInt32 = 4
    static let gnuStack: UInt32 = 0x6474_E551

    static let executable: UInt32 = 1
    static let writable: UInt32 = 2

    let type: UInt32
    let flags: UInt32
    let offset: UInt64
    let address: UInt64
    let fileSize: UInt64
    let alignment: UInt64

    init(_ view: ByteView, at place: UInt64) throws(ELFError) {
        let word = view.wordSize
        let is64 = view.elfClass == .elf64
        type = try view.integer(UInt32.self, "p_type", at: place)
        flags = try view.integer(UInt32.self, "p_flags", at: place + (is64 ? 4 : 24))
        let words = place + (is64 ? 8 : 4)
        offset = try view.word("p_offset", at: words)
        address = try view.word("p_vaddr", at: words + word)
        fileSize = try view.word("p_filesz", at: words + 3 * word)
        alignment = try view.word("p_align", at: place + (is64 ? 48 : 28))
    }

    static func all(_ view: ByteView, _ header: Header) throws(ELFError) -> [Segment] {
        var segments: [Segment] = []
        for place in header.programHeaders.offsets { segments.append(try Segment(view, at: place)) }
        return segments
    }
}
