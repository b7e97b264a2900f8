package import JSON

extension JSONValue {
    /// Reads a document.
    ///
    /// Throws for what isn't JSON, is nested more than 128 deep, isn't Unicode, or has a member that stands twice, and
    /// for a number that isn't a 64-bit whole number.
    package init(parsing bytes: [UInt8]) throws {
        // Values of our own, such as what an audit remembers of an image, may be larger than documents from outside.
        let document = try JSONDocument(bytes, limits: JSONDocument.Limits(size: 1 << 30))
        guard let irregularity = document.irregularities.first else {
            try self.init(document.value)
            return
        }
        let (line, column) = document.place(of: irregularity.offset)
        throw DecodingError.dataCorrupted(
            .init(codingPath: [], debugDescription: "line \(line), column \(column): \(irregularity)")
        )
    }

    /// Takes a value over; of members that stand twice, the last.
    ///
    /// Throws `DecodingError` for a number that isn't a 64-bit whole number.
    package init(_ value: JSONValueView) throws {
        switch value.kind {
        case .null: self = .null
        case .bool: self = .bool(value.bool ?? false)
        case .number: self = .int(try value.decode(Int64.self))
        case .string: self = .string(value.string ?? "")
        case .array: self = .array(try value.elements.map { try JSONValue($0) })
        case .object:
            self = .object(
                try Dictionary(value.members.map { ($0.name, try JSONValue($0.value)) }) { _, last in last }
            )
        }
    }
}
