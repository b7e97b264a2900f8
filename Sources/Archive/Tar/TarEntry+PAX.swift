extension TarEntry {
    /// Where a sparse file's extents are listed.
    enum SparseListing {
        /// It is not a sparse file.
        case none
        /// In the PAX records, read already.
        case inRecords
        /// In blocks between header and content.
        case beforeContent
    }

    /// Overwrites what PAX records say otherwise.
    mutating func apply(_ records: PAXRecords, at offset: Int64) throws(TarError) {
        guard !records.values.isEmpty else { return }
        if let path = records["path"] { self.path = path }
        if let link = records["linkpath"] { linkName = link }
        if let name = records["uname"] { userName = name }
        if let name = records["gname"] { groupName = name }
        if let uid = try Self.number("uid", records, offset) { self.uid = uid }
        if let gid = try Self.number("gid", records, offset) { self.gid = gid }
        if let size = try Self.number("size", records, offset) { self.size = size }
        if let text = records["mtime"] {
            guard let time = TarNumber.time(text) else { throw TarError(.number(field: "mtime"), at: offset) }
            (modified, modifiedNanoseconds) = time
        }
        let prefix = Array("SCHILY.xattr.".utf8)
        for (key, value) in records.values where key.starts(with: prefix) {
            extendedAttributes[Array(key.dropFirst(prefix.count))] = value
        }
    }

    /// Takes over name, size and extents of a sparse file in one of the PAX formats, 0.0, 0.1 and 1.0.
    mutating func applySparse(_ records: PAXRecords, at offset: Int64) throws(TarError) -> SparseListing {
        let version = [records["GNU.sparse.major"], records["GNU.sparse.minor"]]
        let isBeforeContent: Bool
        switch version {
        case [Array("0".utf8), Array("0".utf8)], [Array("0".utf8), Array("1".utf8)]: isBeforeContent = false
        case [Array("1".utf8), Array("0".utf8)]: isBeforeContent = true
        // Formats 0.0 and 0.1 had no version in their first years.
        case [nil, nil]:
            guard records["GNU.sparse.map"] != nil else { return .none }
            isBeforeContent = false
        default: return .none
        }
        guard kind.hasContent else { throw TarError(.sparseMap, at: offset) }
        if let name = records["GNU.sparse.name"] { path = name }
        let sizeKey = records["GNU.sparse.size"] != nil ? "GNU.sparse.size" : "GNU.sparse.realsize"
        if let size = try Self.number(sizeKey, records, offset) { self.size = size }
        guard size >= 0 else { throw TarError(.size(size), at: offset) }
        if isBeforeContent { return .beforeContent }
        guard let extents = SparseMap.records(records) else { throw TarError(.sparseMap, at: offset) }
        self.extents = extents
        return .inRecords
    }

    private static func number(
        _ key: String,
        _ records: PAXRecords,
        _ offset: Int64
    ) throws(TarError) -> Int64? {
        guard let text = records[key] else { return nil }
        let isNegative = text.first == UInt8(ascii: "-")
        guard let magnitude = TarNumber.decimal(text.dropFirst(isNegative ? 1 : 0)) else {
            throw TarError(.number(field: key), at: offset)
        }
        return isNegative ? -magnitude : magnitude
    }
}
