extension GoBuildInfo {
    private static let magic = Array("\u{FF} Go buildinf:".unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    private static let headerSize: UInt64 = 32
    private static let alignment = 16

    /// Finds the Go linker's information, in the places where Go's package debug/buildinfo looks for it.
    ///
    /// That is the section `.go.buildinfo`, or else an aligned block of the first writable segment. Nil where there is
    /// none, or where it is damaged.
    static func locate(_ view: ByteView, _ sections: [ELFFile.Section], _ segments: [Segment]) -> GoBuildInfo? {
        let region: Range<Int>
        if let section = sections.first(where: { $0.name == ".go.buildinfo" }) {
            region = section.fileRange
        } else if let data = segments.first(where: {
            $0.type == Segment.load && $0.flags & (Segment.executable | Segment.writable) == Segment.writable
        }), let range = try? view.range("data", at: data.offset, size: data.fileSize) {
            region = range
        } else {
            return nil
        }
        return locate(view, in: region, AddressMap(segments))
    }

    /// Finds it in the part of a file where the linker puts it; nil where the file is shorter, too.
    static func locate(
        _ view: ByteView,
        at offset: UInt64,
        size: UInt64,
        _ addresses: AddressMap
    ) -> GoBuildInfo? {
        (try? view.range("the Go build information", at: offset, size: size)).flatMap {
            locate(view, in: $0, addresses)
        }
    }

    private static func locate(_ view: ByteView, in region: Range<Int>, _ addresses: AddressMap) -> GoBuildInfo? {
        guard let place = find(view, in: region) else { return nil }
        return try? read(view, at: UInt64(place), addresses)
    }

    private static func find(_ view: ByteView, in region: Range<Int>) -> Int? {
        stride(from: region.lowerBound, to: region.upperBound, by: alignment).first { place in
            region.upperBound - place >= Int(headerSize)
                && view.bytes[place] == 0xFF
                && view.bytes[place..<(place + magic.count)].elementsEqual(magic)
        }
    }

    private static func read(
        _ view: ByteView,
        at place: UInt64,
        _ addresses: AddressMap
    ) throws(ELFError) -> GoBuildInfo? {
        let pointerSize = try view.integer(UInt8.self, "the pointer size", at: place + 14)
        let flags = try view.integer(UInt8.self, "the flags", at: place + 15)
        let version: Slice<UnsafeRawBufferPointer>
        var module: Slice<UnsafeRawBufferPointer>
        if flags & 2 != 0 {
            // Since Go 1.18: two strings with their length before them stand right after the header.
            var next = place + headerSize
            version = try inlineString(view, at: &next)
            module = try inlineString(view, at: &next)
        } else {
            guard pointerSize == 4 || pointerSize == 8 else { return nil }
            let pointers = ByteView(
                bytes: view.bytes,
                elfClass: pointerSize == 8 ? .elf64 : .elf32,
                endianness: flags & 1 == 0 ? .little : .big
            )
            version = try pointedString(pointers, at: place + 16, addresses)
            module = try pointedString(pointers, at: place + 16 + pointers.wordSize, addresses)
        }
        guard !version.isEmpty else { return nil }
        // 16 bytes mark the text's start, 16 its end, and it ends with a line break.
        let isMarked = module.count >= 33 && module[module.endIndex - 17] == UInt8(ascii: "\n")
        module = isMarked ? module.dropFirst(16).dropLast(16) : module.prefix(0)
        let lines = UInt64(module.count { $0 == UInt8(ascii: "\n") })
        guard lines <= Limits.goLines else {
            throw .tooMany(
                what: "the lines of the Go build information",
                offset: place,
                found: lines,
                limit: Limits.goLines
            )
        }
        return GoBuildInfo(
            goVersion: String(decoding: version, as: UTF8.self),
            moduleText: String(decoding: module, as: UTF8.self)
        )
    }

    private static func inlineString(
        _ view: ByteView,
        at next: inout UInt64
    ) throws(ELFError) -> Slice<UnsafeRawBufferPointer> {
        var length: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try view.integer(UInt8.self, "the length of a Go string", at: next)
            next += 1
            length |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
            guard shift < 35 else { throw tooLong(next, length) }
        }
        let range = try string(view, at: next, length)
        next += length
        return range
    }

    /// The string whose Go header (address and length) stands at the address that stands at the place.
    private static func pointedString(
        _ view: ByteView,
        at place: UInt64,
        _ addresses: AddressMap
    ) throws(ELFError) -> Slice<UnsafeRawBufferPointer> {
        let header = try view.word("a pointer to a Go string", at: place)
        guard let headerPlace = addresses.offset(of: header), headerPlace.available >= 2 * view.wordSize else {
            return view.bytes[0..<0]
        }
        let address = try view.word("the address of a Go string", at: headerPlace.offset)
        let length = try view.word("the length of a Go string", at: headerPlace.offset + view.wordSize)
        guard let start = addresses.offset(of: address), start.available >= length else { return view.bytes[0..<0] }
        return try string(view, at: start.offset, length)
    }

    private static func string(
        _ view: ByteView,
        at offset: UInt64,
        _ length: UInt64
    ) throws(ELFError) -> Slice<UnsafeRawBufferPointer> {
        guard length <= Limits.goString else { throw tooLong(offset, length) }
        return view.bytes[try view.range("a Go string", at: offset, size: length)]
    }

    private static func tooLong(_ offset: UInt64, _ length: UInt64) -> ELFError {
        .tooMany(what: "the length of a Go string", offset: offset, found: length, limit: Limits.goString)
    }
}
