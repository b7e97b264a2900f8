extension ELFFile {
    /// Reads what an ELF file says of itself, from all of its bytes.
    ///
    /// Nil when the bytes don't start with the ELF magic. Throws ``ELFError`` for a file that does and is cut short or
    /// wrong; never traps. The work grows with the headers, and with the writable data of a program without sections,
    /// not with the file.
    package static func read(_ bytes: UnsafeRawBufferPointer) throws(ELFError) -> ELFFile? {
        guard bytes.starts(with: Header.magic) else { return nil }
        let view = try view(bytes)
        let header = try Header(view)
        let segments = try Segment.all(view, header)
        let table = try SectionTable(view, header)
        let type = ObjectType(header.type)
        let absent = AbsentSegments(table.sections)
        try checkLoads(view, segments, table)

        // A core file has copies of its process's segments; what they say is not about the core file.
        let linked = type == .executable || type == .sharedObject
        var interpreter: String?
        if linked, let segment = segments.first(where: { $0.type == Segment.interpreter }), !absent.contains(segment) {
            let range = try view.range("PT_INTERP", at: segment.offset, size: segment.fileSize)
            interpreter = try view.string("the interpreter", at: segment.offset, in: range, limit: Limits.string)
        }
        var dynamic: DynamicTable?
        if linked, let segment = segments.first(where: { $0.type == Segment.dynamic }), !absent.contains(segment) {
            let range = try view.range("PT_DYNAMIC", at: segment.offset, size: segment.fileSize)
            dynamic = try DynamicTable(view, in: range, addresses: AddressMap(segments))
        }
        let notes = type == .core ? nil : Notes(view, table, segments)
        let stack = linked ? segments.first { $0.type == Segment.gnuStack } : nil
        let go = linked ? GoBuildInfo.locate(view, table.sections, segments) : nil
        let finalType = type.refined(dynamic, interpreter, hasEntry: header.entry != 0)
        return ELFFile(
            machine: header.machine,
            elfClass: view.elfClass,
            endianness: view.endianness,
            operatingSystem: header.operatingSystem ?? notes?.operatingSystem,
            type: finalType,
            linkage: linked ? Linkage(type: finalType, as: type, interpreter: interpreter, dynamic: dynamic) : nil,
            interpreter: interpreter,
            needed: dynamic?.needed ?? [],
            runPath: dynamic?.runPath,
            rPath: dynamic?.rPath,
            soName: dynamic?.soName,
            buildIDText: notes?.buildID.map(Hex.encode),
            goBuildID: notes?.goBuildID,
            goBuildInfo: go,
            packageNote: notes?.package,
            dlopenNotes: notes.flatMap { $0.dlopen.isEmpty ? nil : $0.dlopen },
            sections: table.sections,
            isStripped: !table.sections.contains { $0.type == .symtab },
            hasExecutableStack: stack.map { $0.flags & Segment.executable != 0 },
            arm: header.machine == .arm ? ARMFacts(view, header, table.sections) : nil
        )
    }

    private static func view(_ bytes: UnsafeRawBufferPointer) throws(ELFError) -> ByteView {
        let identSize: UInt64 = 16
        guard bytes.count >= identSize else {
            throw .truncated(what: "e_ident", offset: 0, size: identSize, fileSize: UInt64(bytes.count))
        }
        let elfClass: Class
        switch bytes[4] {
        case 1: elfClass = .elf32
        case 2: elfClass = .elf64
        default:
            throw .invalid(what: "EI_CLASS", offset: 4, found: "\(bytes[4])", expected: "1 (32 bits) or 2 (64 bits)")
        }
        let endianness: Endianness
        switch bytes[5] {
        case 1: endianness = .little
        case 2: endianness = .big
        default: throw .invalid(what: "EI_DATA", offset: 5, found: "\(bytes[5])", expected: "1 (little) or 2 (big)")
        }
        return ByteView(bytes: bytes, elfClass: elfClass, endianness: endianness)
    }

    /// A program without section headers shows only by its segments that it was cut.
    private static func checkLoads(_ view: ByteView, _ segments: [Segment], _ table: SectionTable) throws(ELFError) {
        guard table.sections.isEmpty else { return }
        for (index, segment) in segments.enumerated() where segment.type == Segment.load {
            _ = try view.range("segment \(index)", at: segment.offset, size: segment.fileSize)
        }
    }
}

extension ELFFile.ObjectType {
    fileprivate init(_ value: UInt16) {
        switch value {
        case 1: self = .relocatable
        case 2: self = .executable
        case 3: self = .sharedObject
        case 4: self = .core
        default: self = .other
        }
    }

    /// The type once more is known: the header calls a position-independent program a shared object.
    ///
    /// A program is what the linker marked as one, or what has an interpreter and no library's name of its own (glibc's
    /// libc.so.6 has both). So is what starts at an entry and neither needs a library nor has a library's name: an old
    /// static program, or what a packer has left without a dynamic section.
    fileprivate func refined(_ dynamic: DynamicTable?, _ interpreter: String?, hasEntry: Bool) -> Self {
        guard self == .sharedObject else { return self }
        guard let dynamic else { return hasEntry ? .executable : self }
        if dynamic.isPIE { return .executable }
        guard dynamic.soName == nil else { return self }
        return interpreter != nil || hasEntry && dynamic.needed.isEmpty ? .executable : self
    }
}

extension ELFFile.Linkage {
    /// The linkage of a file of a type, which its header may call a shared object.
    fileprivate init(
        type: ELFFile.ObjectType,
        as written: ELFFile.ObjectType,
        interpreter: String?,
        dynamic: DynamicTable?
    ) {
        if interpreter != nil {
            self = .dynamic
        } else if dynamic != nil {
            self = type == .executable ? (written == .sharedObject ? .staticPIE : .static) : .dynamic
        } else {
            self = .static
        }
    }
}
