// How an entry is put together from its header, the extended headers before it, and the lists of extents after it.
extension TarReader {
    mutating func finishExtension(_ body: TarExtension) throws(TarError) -> TarEvent? {
        switch body.kind {
        case .pax:
            // A second header replaces the first, as in Go.
            if !overlay.records.values.isEmpty { overlay.oddities.insert(.repeatedHeader) }
            overlay.records = try PAXRecords(body.bytes, at: body.offset)
            work += Int64(overlay.records.count) * Self.stepsPerRecord
            if overlay.records.hasRepeats { overlay.oddities.insert(.repeatedRecord) }
            if overlay.records.hasUnclearKeys { overlay.oddities.insert(.unclearKey) }
        case .global:
            let records = try PAXRecords(body.bytes, at: body.offset)
            work += Int64(records.count) * Self.stepsPerRecord
            if appliesGlobalHeaders { overlay.global.merge(records) }
            // Go hands a global header out like an entry, and with it goes what was said of the next one.
            let isLost = !overlay.records.values.isEmpty || overlay.longName != nil || overlay.longLink != nil
            let own = overlay.oddities.intersection([.unclearHeader, .unclearNumber])
            overlay.reset()
            overlay.oddities = isLost ? own.union(.repeatedHeader) : own
            if records.hasUnclearKeys { overlay.oddities.insert(.unclearKey) }
            return .globalHeader(records)
        case .longName:
            if overlay.longName != nil { overlay.oddities.insert(.repeatedHeader) }
            let name = Array(body.bytes.prefix { $0 != 0 })
            note(long: name)
            overlay.longName = name
        case .longLink:
            if overlay.longLink != nil { overlay.oddities.insert(.repeatedHeader) }
            let name = Array(body.bytes.prefix { $0 != 0 })
            note(long: name)
            overlay.longLink = name
        }
        return nil
    }

    private mutating func note(long name: [UInt8]) {
        if !overlay.records.values.isEmpty { overlay.oddities.insert(.mixedHeaders) }
        if name.isEmpty { overlay.oddities.insert(.emptyRecord) }
    }

    mutating func beginEntry(_ header: TarHeaderBlock) throws(TarError) -> TarEvent? {
        var entry = try header.entry()
        let start = overlay.start ?? header.offset
        entry.offset = start
        entry.oddities = overlay.oddities
        let headerSize = entry.size
        var records = overlay.global
        records.merge(overlay.records)
        work += Int64(records.values.count)
        try entry.apply(records, at: start)
        if let longName = overlay.longName, !longName.isEmpty {
            if let path = records["path"], path != longName { entry.oddities.insert(.twoNames) }
            entry.path = longName
        }
        if let longLink = overlay.longLink, !longLink.isEmpty {
            if let link = records["linkpath"], link != longLink { entry.oddities.insert(.twoNames) }
            entry.linkName = longLink
        }
        overlay.reset()
        entry.kind = Self.kind(header.typeFlag, path: entry.path)

        guard entry.size >= 0 else { throw TarError(.size(entry.size), at: start) }
        try noteOddities(of: &entry, header, records, headerSize)
        if !entry.kind.hasContent { entry.size = 0 }
        entry.storedSize = entry.size
        // Content and padding must end at a place that can be counted.
        guard entry.storedSize <= Int64.max - offset - 2 * Int64(TarHeaderBlock.size) else {
            throw TarError(.size(entry.size), at: start)
        }
        return try beginSparse(&entry, header, records)
    }

    // From here on a size doesn't fit the header's octal digits.
    private static let largestHeaderSize: Int64 = 1 << 33

    private func noteOddities(
        of entry: inout TarEntry,
        _ header: TarHeaderBlock,
        _ records: PAXRecords,
        _ headerSize: Int64
    ) throws(TarError) {
        if header.hasUnclearPrefix { entry.oddities.insert(.unclearPrefix) }
        if header.hasTimesForPrefix { entry.oddities.insert(.timesForPrefix) }
        if header.typeFlag == 0 {
            let hasSlash = header.bytes[..<100].prefix { $0 != 0 }.last == UInt8(ascii: "/")
            if header.dialect != .v7 || hasSlash != (entry.kind == .directory) { entry.oddities.insert(.oldType) }
        }
        if header.hasSparseFields { entry.oddities.insert(.looseSparseRecords) }
        if let expected = entry.kind.typeOfMode, ![0, expected].contains(try header.typeOfMode) {
            entry.oddities.insert(.typeInMode)
        }
        if [UInt8(ascii: "7"), UInt8(ascii: "S")].contains(header.typeFlag) { entry.oddities.insert(.refusedType) }
        if entry.size != headerSize, entry.size < Self.largestHeaderSize { entry.oddities.insert(.twoSizes) }
        if !entry.kind.hasContent, entry.size != 0 { entry.oddities.insert(.sizeWithoutContent) }
        guard !records.values.isEmpty else { return }
        if Self.hasForeignAttribute(records) { entry.oddities.insert(.foreignAttribute) }
        if Self.hasOtherMetadata(records, entry) { entry.oddities.insert(.otherMetadata) }
        if ["path", "linkpath", "size"].contains(where: { records.values[Array($0.utf8)]?.isEmpty == true }) {
            entry.oddities.insert(.emptyRecord)
        }
    }

    // libarchive takes these in place of the header's; Go passes them over.
    private static func hasOtherMetadata(_ records: PAXRecords, _ entry: TarEntry) -> Bool {
        if let list = records["SCHILY.acl.access"], !AccessList.gives(entry.mode, list) { return true }
        let isDevice = entry.kind == .characterDevice || entry.kind == .blockDevice
        return isDevice && (records["SCHILY.devmajor"] != nil || records["SCHILY.devminor"] != nil)
    }

    private static let foreignPrefix = Array("LIBARCHIVE.xattr.".utf8)

    // libarchive itself writes each attribute in both ways; its own way has the name escaped as in addresses.
    private static func hasForeignAttribute(_ records: PAXRecords) -> Bool {
        records.values.keys.contains { key in
            guard key.starts(with: foreignPrefix) else { return false }
            let name = String(decoding: key.dropFirst(foreignPrefix.count), as: UTF8.self)
            guard let twin = records["SCHILY.xattr." + (unescaped(name) ?? name)] else { return true }
            return records.values[key].map { isBase64($0, of: twin) } != true
        }
    }

    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    // Libarchive writes no padding; others may.
    private static func isBase64(_ text: [UInt8], of bytes: [UInt8]) -> Bool {
        var written: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { written.append(base64Digits[number >> (18 - 6 * place) & 63]) }
        }
        return written.elementsEqual(text.prefix { $0 != UInt8(ascii: "=") })
            && text.dropFirst(written.count).allSatisfy { $0 == UInt8(ascii: "=") }
    }

    private static func unescaped(_ name: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(name.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // The reading of the extents decides where the content starts, so it comes before the entry is handed out.
    private mutating func beginSparse(
        _ entry: inout TarEntry,
        _ header: TarHeaderBlock,
        _ records: PAXRecords
    ) throws(TarError) -> TarEvent? {
        if header.typeFlag == UInt8(ascii: "S") {
            guard header.dialect == .gnu, let extents = SparseMap.oldGNU(header.bytes, from: 386, slots: 4) else {
                throw TarError(.sparseMap, at: entry.offset)
            }
            entry.size = try header.number(483, 12, "realsize")
            entry.extents = extents
            guard header.bytes[482] != 0 else { return try emit(entry) }
            state = .oldSparse(entry)
            return nil
        }
        switch try entry.applySparse(records, at: entry.offset) {
        case .none:
            let isLoose = records.values.keys.contains { key in
                key.starts(with: "GNU.sparse.".utf8) || key.starts(with: "SUN.".utf8)
                    || key.elementsEqual("SCHILY.realsize".utf8)
            }
            if isLoose { entry.oddities.insert(.looseSparseRecords) }
            return try emit(entry)
        case .inRecords:
            entry.oddities.insert(.sparse)
            return try emit(entry)
        case .beforeContent:
            entry.oddities.insert(.sparse)
            state = .sparseMap(entry, SparseMapParser(limit: limits.extents))
            return nil
        }
    }

    mutating func continueOldSparse(
        _ entry: TarEntry,
        _ block: UnsafeRawBufferPointer
    ) throws(TarError) -> TarEvent? {
        var entry = entry
        guard let extents = SparseMap.oldGNU(block, from: 0, slots: 21),
            (entry.extents?.count ?? 0) + extents.count <= limits.extents
        else { throw TarError(.sparseMap, at: entry.offset) }
        // No second reference while appending: each block would copy the list so far.
        state = .header
        entry.extents?.append(contentsOf: extents)
        guard block[504] != 0 else { return try emit(entry) }
        state = .oldSparse(entry)
        return nil
    }

    mutating func continueSparseMap(
        _ entry: TarEntry,
        _ parser: inout SparseMapParser,
        _ block: UnsafeRawBufferPointer
    ) throws(TarError) -> TarEvent? {
        var entry = entry
        // The map is part of what the header calls the size.
        entry.storedSize -= Int64(TarHeaderBlock.size)
        guard entry.storedSize >= 0 else { throw TarError(.sparseMap, at: entry.offset) }
        guard let extents = try parser.take(block, at: entry.offset) else {
            state = .sparseMap(entry, parser)
            return nil
        }
        entry.extents = extents
        return try emit(entry)
    }

    private mutating func emit(_ entry: TarEntry) throws(TarError) -> TarEvent {
        guard entry.path.count <= limits.pathLength else { throw TarError(.name(field: "path"), at: entry.offset) }
        guard entry.linkName.count <= limits.pathLength else {
            throw TarError(.name(field: "linkpath"), at: entry.offset)
        }
        var entry = entry
        // A directory's in v7 has no type of its own. A sparse file's name comes last.
        if entry.kind == .file, entry.path.last == UInt8(ascii: "/") { entry.oddities.insert(.trailingSlash) }
        if Self.hasParent(entry.path) { entry.oddities.insert(.parentInName) }
        if let extents = entry.extents {
            work += Int64(extents.count)
            guard SparseMap.isValid(extents, size: entry.size, stored: entry.storedSize) else {
                throw TarError(.sparseMap, at: entry.offset)
            }
        }
        entry.contentOffset = offset
        content = TarContent(entry)
        state = .content
        return .entry(entry)
    }

    private static func hasParent(_ path: [UInt8]) -> Bool {
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        var start = 0
        while start + 1 < path.count {
            if path[start] == dot, path[start + 1] == dot, start + 2 == path.count || path[start + 2] == slash {
                return true
            }
            guard let next = path[start...].firstIndex(of: slash) else { return false }
            start = next + 1
        }
        return false
    }

    private static func kind(_ flag: UInt8, path: [UInt8]) -> TarEntry.Kind {
        switch flag {
        // v7 has no flag for directories: their names end in a slash.
        case 0: path.last == UInt8(ascii: "/") ? .directory : .file
        case UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3"): .characterDevice
        case UInt8(ascii: "4"): .blockDevice
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "6"): .pipe
        default: .other(flag)
        }
    }
}

extension TarEntry.Kind {
    /// The bits of a mode that `stat` gives such a file; nil for a hard link, whose file may be of any type.
    fileprivate var typeOfMode: Int64? {
        switch self {
        case .hardLink, .other: nil
        case .file: 0o100000
        case .symbolicLink: 0o120000
        case .characterDevice: 0o020000
        case .blockDevice: 0o060000
        case .directory: 0o040000
        case .pipe: 0o010000
        }
    }

    // What other entries call their size is not followed by content, whatever it says.
    var hasContent: Bool {
        switch self {
        case .file, .other: true
        case .hardLink, .symbolicLink, .characterDevice, .blockDevice, .directory, .pipe: false
        }
    }
}
