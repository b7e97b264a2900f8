/// The forms in which GNU tar lists a sparse file's extents (GNU tar manual, appendix "Storing Sparse Files").
enum SparseMap {
    /// Extents in a header block of the old GNU format: 24 bytes each, an empty offset ends the list.
    ///
    /// Returns nil for a field that is not a number.
    static func oldGNU(_ block: UnsafeRawBufferPointer, from start: Int, slots: Int) -> [SparseExtent]? {
        var extents: [SparseExtent] = []
        for slot in 0..<slots {
            let place = start + 24 * slot
            guard block[place] != 0 else { break }
            guard let offset = TarNumber.field(UnsafeRawBufferPointer(rebasing: block[place..<(place + 12)])),
                let count = TarNumber.field(UnsafeRawBufferPointer(rebasing: block[(place + 12)..<(place + 24)]))
            else { return nil }
            extents.append(SparseExtent(offset: offset, count: count))
        }
        return extents
    }

    /// Extents as formats 0.0 and 0.1 have them in PAX records; nil when the records contradict each other.
    static func records(_ records: PAXRecords) -> [SparseExtent]? {
        guard let blocks = records["GNU.sparse.numblocks"], let expected = TarNumber.decimal(blocks) else { return nil }
        let fields = (records["GNU.sparse.map"] ?? []).split(
            separator: UInt8(ascii: ","),
            omittingEmptySubsequences: false
        )
        var numbers: [Int64] = []
        for field in fields {
            guard let number = TarNumber.decimal(field) else { return nil }
            numbers.append(number)
        }
        guard numbers.count.isMultiple(of: 2), numbers.count / 2 == expected else { return nil }
        return pairs(numbers)
    }

    /// Numbers in turn as offset and length.
    static func pairs(_ numbers: [Int64]) -> [SparseExtent] {
        stride(from: 0, to: numbers.count - 1, by: 2).map {
            SparseExtent(offset: numbers[$0], count: numbers[$0 + 1])
        }
    }

    /// Whether extents come in order, don't overlap, end within the file's size and add up to what is stored.
    static func isValid(_ extents: [SparseExtent], size: Int64, stored: Int64) -> Bool {
        guard size >= 0 else { return false }
        var position: Int64 = 0
        var sum: Int64 = 0
        for extent in extents {
            guard extent.offset >= position, extent.count >= 0, extent.offset <= size,
                extent.count <= size - extent.offset
            else { return false }
            position = extent.offset + extent.count
            sum += extent.count  // no more than `position`, so it can't overflow
        }
        return sum == stored
    }
}

/// Reads the extents that format 1.0 stores before a file's content: decimal numbers, one a line, the count of extents
/// first, in blocks padded with zeros.
struct SparseMapParser {
    private var expected: Int64?
    private var numbers: [Int64] = []
    private var digits: [UInt8] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a block.
    ///
    /// Returns the extents when this block completes the list, nil when more are to come.
    mutating func take(_ block: UnsafeRawBufferPointer, at offset: Int64) throws(TarError) -> [SparseExtent]? {
        for byte in block {
            guard byte == UInt8(ascii: "\n") else {
                digits.append(byte)
                // No 64-bit number has more.
                guard digits.count <= 20 else { throw TarError(.sparseMap, at: offset) }
                continue
            }
            guard let number = TarNumber.decimal(digits) else { throw TarError(.sparseMap, at: offset) }
            digits.removeAll(keepingCapacity: true)
            if expected == nil {
                guard number <= Int64(limit) else { throw TarError(.sparseMap, at: offset) }
                expected = number
            } else {
                numbers.append(number)
            }
            if let expected, numbers.count == 2 * Int(expected) { return SparseMap.pairs(numbers) }
        }
        return nil
    }
}
