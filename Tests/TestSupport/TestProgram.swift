/// ELF programs made by hand: small, static, and different where a test wants them to be.
package struct TestProgram: Sendable {
    /// `e_machine`: 62 is x86-64, 183 AArch64.
    package var machine: UInt16 = 62
    /// What tells one program's code from another's.
    package var code: String
    /// The build-id; none when empty.
    package var buildID: [UInt8]
    /// Whether it has a symbol table.
    package var hasSymbols = true
    /// A text in `.rodata`.
    package var text: String

    /// What the Go linker records: its version, and the lines of the modules; none when nil.
    package var goBuild: (version: String, lines: String)?

    /// What cargo-auditable writes: a zlib stream; nothing when empty.
    package var crates: [UInt8] = []

    /// Notes of the owner `FDO`, by their type: of the package, of libraries that are loaded.
    package var notes: [(type: UInt32, text: String)] = []

    /// A program.
    package init(code: String, buildID: [UInt8] = [], text: String = "", machine: UInt16 = 62) {
        self.code = code
        self.buildID = buildID
        self.text = text
        self.machine = machine
    }

    /// The file's bytes (gABI, chapter 4): header, one loaded segment, sections, section headers.
    package var bytes: [UInt8] {
        // Start-up code alone doesn't count as the same code, so there is more than that of it.
        let body = Array(code.utf8)
        let code = (0..<8192).map { body.isEmpty ? 0x90 : body[$0 % body.count] }
        var sections: [(name: String, type: UInt32, flags: UInt64, bytes: [UInt8])] = [(".text", 1, 6, code)]
        sections.append((".rodata", 1, 2, Array(text.utf8) + [0]))
        if !buildID.isEmpty {
            let note = Self.le(UInt32(4)) + Self.le(UInt32(buildID.count)) + Self.le(UInt32(3)) + Array("GNU\0".utf8)
            sections.append((".note.gnu.build-id", 7, 2, note + buildID + Self.padding(buildID.count, 4)))
        }
        for note in notes {
            let text = Array(note.text.utf8) + [0]
            let header = Self.le(UInt32(4)) + Self.le(UInt32(text.count)) + Self.le(note.type) + Array("FDO\0".utf8)
            sections.append((".note.fdo", 7, 0, header + text + Self.padding(text.count, 4)))
        }
        if let goBuild { sections.append((".go.buildinfo", 1, 3, Self.goInfo(goBuild.version, goBuild.lines))) }
        if !crates.isEmpty { sections.append((".dep-v0", 1, 0, crates)) }
        if hasSymbols {
            sections.append((".symtab", 2, 0, [UInt8](repeating: 0, count: 24)))
            sections.append((".strtab", 3, 0, [0]))
        }
        var names: [UInt8] = [0]
        let nameOffsets = (sections.map(\.name) + [".shstrtab"]).map { name in
            defer { names += Array(name.utf8) + [0] }
            return UInt32(names.count)
        }
        sections.append((".shstrtab", 3, 0, names))

        let base: UInt64 = 0x400000
        var content = [UInt8](repeating: 0, count: 64 + 56 * 2)
        var headers = [UInt8](repeating: 0, count: 64)
        var noteRange: (offset: UInt64, size: UInt64) = (0, 0)
        for (section, name) in zip(sections, nameOffsets) {
            content += Self.padding(content.count, 16)
            let offset = UInt64(content.count)
            if section.type == 7 { noteRange = (offset, UInt64(section.bytes.count)) }
            content += section.bytes
            let isSymbols = section.type == 2
            headers += Self.le(name) + Self.le(section.type) + Self.le(section.flags)
            headers += Self.le(section.flags == 0 ? UInt64(0) : base + offset) + Self.le(offset)
            headers += Self.le(UInt64(section.bytes.count)) + Self.le(UInt32(isSymbols ? sections.count - 1 : 0))
            headers += Self.le(UInt32(isSymbols ? 1 : 0)) + Self.le(UInt64(section.type == 7 ? 4 : 1))
            headers += Self.le(UInt64(isSymbols ? 24 : 0))
        }
        content += Self.padding(content.count, 16)
        let table = UInt64(content.count)
        let segments =
            Self.segment(type: 1, flags: 5, offset: 0, address: base, size: table)
            + Self.segment(
                type: noteRange.size == 0 ? 0 : 4,
                flags: 4,
                offset: noteRange.offset,
                address: base + noteRange.offset,
                size: noteRange.size
            )
        content.replaceSubrange(64..<(64 + 112), with: segments)
        content.replaceSubrange(0..<64, with: header(sections: sections.count + 1, table: table, entry: base + 176))
        return content + headers
    }

    // debug/buildinfo: a header of 32 bytes whose flag says that two strings with their lengths follow; the second one
    // stands between two marks of 16 bytes.
    private static func goInfo(_ version: String, _ lines: String) -> [UInt8] {
        let mark = [UInt8](repeating: 0x30, count: 15)
        let text = [0x31] + mark + Array(lines.utf8) + mark + [0x32]
        let head = [0xFF] + Array(" Go buildinf:".utf8) + [8, 2] + [UInt8](repeating: 0, count: 16)
        return head + [Array(version.utf8), text].flatMap { variable($0.count) + $0 }
    }

    private static func variable(_ count: Int) -> [UInt8] {
        count < 128 ? [UInt8(count)] : [UInt8(count & 127 | 128)] + variable(count >> 7)
    }

    private func header(sections: Int, table: UInt64, entry: UInt64) -> [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Self.le(UInt16(2)) + Self.le(machine)
            + Self.le(UInt32(1)) + Self.le(entry) + Self.le(UInt64(64)) + Self.le(table) + Self.le(UInt32(0))
            + Self.le(UInt16(64)) + Self.le(UInt16(56)) + Self.le(UInt16(2)) + Self.le(UInt16(64))
            + Self.le(UInt16(sections)) + Self.le(UInt16(sections - 1))
    }

    private static func segment(type: UInt32, flags: UInt32, offset: UInt64, address: UInt64, size: UInt64) -> [UInt8] {
        le(type) + le(flags) + le(offset) + le(address) + le(address) + le(size) + le(size) + le(UInt64(4))
    }

    private static func padding(_ count: Int, _ unit: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (unit - count % unit) % unit)
    }

    private static func le<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) }
    }
}
