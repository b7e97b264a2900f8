/// The records of a PAX extended header, raw (POSIX.1-2017, pax, "pax Header File Format").
package struct PAXRecords: Hashable, Sendable {
    /// Values by key.
    ///
    /// A later record of a key replaces an earlier one; an empty value means that the key is not set.
    package private(set) var values: [[UInt8]: [UInt8]] = [:]
    /// Whether one header has a key twice, with different values.
    package private(set) var hasRepeats = false

    /// Whether a key begins with a blank, which some readers pass over.
    package private(set) var hasUnclearKeys = false

    /// How many records there were, those of one key too.
    package private(set) var count = 0

    /// No records.
    package init() {}

    /// The value of a key, nil when it isn't set or set to nothing.
    package subscript(key: String) -> [UInt8]? {
        values[Array(key.utf8)].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads all records of an extended header.
    ///
    /// `offset` is where the bytes stand in the archive, for the errors: ``TarError/Reason/paxRecord`` for a record
    /// that breaks the grammar, ``TarError/Reason/name(field:)`` for a NUL in a path or name,
    /// ``TarError/Reason/sparseMap`` for offsets and lengths out of turn.
    package init(_ bytes: [UInt8], at offset: Int64) throws(TarError) {
        var sparse: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            let place = offset + Int64(position)
            guard let record = Self.record(in: bytes, at: position) else { throw TarError(.paxRecord, at: place) }
            position = record.end
            count += 1
            if let first = record.key.first, first == UInt8(ascii: " ") || (9...13).contains(first) {
                hasUnclearKeys = true
            }
            if Self.isText(record.key), record.value.contains(0) {
                throw TarError(.name(field: String(decoding: record.key, as: UTF8.self)), at: place)
            }
            // GNU.sparse 0.0 repeats two keys in turn; they become the one list that 0.1 has.
            if record.key == Self.sparseOffset || record.key == Self.sparseCount {
                let expected = sparse.count.isMultiple(of: 2) ? Self.sparseOffset : Self.sparseCount
                guard record.key == expected, !record.value.contains(UInt8(ascii: ",")) else {
                    throw TarError(.sparseMap, at: place)
                }
                sparse.append(Array(record.value))
            } else {
                let value = Array(record.value)
                if let old = values.updateValue(value, forKey: Array(record.key)), old != value { hasRepeats = true }
            }
        }
        if !sparse.isEmpty {
            values[Array("GNU.sparse.map".utf8)] = Array(sparse.joined(separator: [UInt8(ascii: ",")]))
        }
    }

    /// Adds the records of another header, which win over these.
    package mutating func merge(_ other: PAXRecords) {
        values.merge(other.values) { _, new in new }
    }

    /// A key by which an entry becomes another file; nil where there is none.
    ///
    /// Names of owners and times make no other files, nor does what nobody knows.
    package var changingKey: String? {
        values.keys.filter { key in
            ["path", "linkpath", "size", "uid", "gid", "hdrcharset"].contains { key.elementsEqual($0.utf8) }
                || ["GNU.sparse.", "SCHILY.", "LIBARCHIVE.", "RHT."].contains { key.starts(with: $0.utf8) }
        }.map { String(decoding: $0, as: UTF8.self) }.min()
    }

    private static let sparseOffset = Array("GNU.sparse.offset".utf8)[...]
    private static let sparseCount = Array("GNU.sparse.numbytes".utf8)[...]

    private static func isText(_ key: ArraySlice<UInt8>) -> Bool {
        ["path", "linkpath", "uname", "gname", "GNU.sparse.name"].contains { key.elementsEqual($0.utf8) }
    }

    // "%d %s=%s\n": the number counts the whole record, itself and the newline included.
    private static func record(
        in bytes: [UInt8],
        at start: Int
    ) -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>, end: Int)? {
        let longestNumber = 20
        guard let space = bytes[start...].prefix(longestNumber).firstIndex(of: UInt8(ascii: " ")),
            let count = TarNumber.decimal(bytes[start..<space]), let length = Int(exactly: count),
            length > space - start + 2, length <= bytes.count - start,
            bytes[start + length - 1] == UInt8(ascii: "\n")
        else { return nil }
        let body = bytes[(space + 1)..<(start + length - 1)]
        guard let equals = body.firstIndex(of: UInt8(ascii: "=")), equals > body.startIndex else { return nil }
        let key = body[..<equals]
        guard !key.contains(0) else { return nil }
        return (key, body[(equals + 1)...], start + length)
    }
}
