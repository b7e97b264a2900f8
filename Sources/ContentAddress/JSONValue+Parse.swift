package import JSON

extension JSONValue {
    /// Reads a document.
    ///
    /// Throws for what isn't JSON, is nested more than 128 deep, isn't Unicode, or has a member that stands twice, and
    /// for a number that isn't a 64-bit whole number, unless `keepsNumbers`, for the documents of others.
    package init(parsing bytes: [UInt8], keepsNumbers: Bool = false) throws {
        // Values of our own, such as what an audit remembers of an image, may be larger than documents from outside.
        let document = try JSONDocument(bytes, limits: JSONDocument.Limits(size: 1 << 30))
        guard let irregularity = document.irregularities.first else {
            try self.init(document.value, keepsNumbers: keepsNumbers)
            return
        }
        let (line, column) = document.place(of: irregularity.offset)
        throw DecodingError.dataCorrupted(
            .init(codingPath: [], debugDescription: "line \(line), column \(column): \(irregularity)")
        )
    }

    /// Takes a value over; of members that stand twice, the last.
    ///
    /// Throws `DecodingError` for a number that isn't a 64-bit whole number, unless `keepsNumbers`.
    package init(_ value: JSONValueView, keepsNumbers: Bool = false) throws {
        switch value.kind {
        case .null: self = .null
        case .bool: self = .bool(value.bool ?? false)
        case .number:
            if keepsNumbers, value.int64 == nil {
                self = .number(String(decoding: value.source, as: UTF8.self))
            } else {
                self = .int(try value.decode(Int64.self))
            }
        case .string: self = .string(value.string ?? "")
        case .array: self = .array(try value.elements.map { try JSONValue($0, keepsNumbers: keepsNumbers) })
        case .object:
            self = .object(
                try Dictionary(
                    value.members.map { ($0.name, try JSONValue($0.value, keepsNumbers: keepsNumbers)) }
                ) { _, last in last }
            )
        }
    }
}
