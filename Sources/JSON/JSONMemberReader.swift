/// The members of an object that one of our own types is read from, as ``KeyedDecodingContainer`` gives them.
///
/// Those of a ``JSONDocument`` are read where they stand: a container of a decoder costs more than most values. Those of
/// any other decoder come from its container.
///
/// Not generic by its keys: generic types are looked up with every call from another module.
package struct JSONMemberReader {
    private enum Source {
        case document(JSONDecoding)
        case container(KeyedDecodingContainer<JSONKey>)
    }

    private let source: Source

    /// The members of the decoder's value; throws `DecodingError` for anything but an object.
    package init(_ decoder: any Decoder) throws {
        guard let decoding = decoder as? JSONDecoding else {
            source = .container(try decoder.container(keyedBy: JSONKey.self))
            return
        }
        guard decoding.value.kind == .object || decoding.isEmptyValue else {
            throw decoding.mismatch([String: Any].self, "an object")
        }
        source = .document(decoding)
    }

    /// A text.
    package func decode(_ type: String.Type, forKey key: some CodingKey) throws -> String {
        switch source {
        case .document(let object): try object.required(key).decode(type)
        case .container(let container): try container.decode(type, forKey: JSONKey(key))
        }
    }

    /// A value of any type.
    package func decode<Value: Decodable>(_ type: Value.Type, forKey key: some CodingKey) throws -> Value {
        switch source {
        case .document(let object): try object.required(key).decode(type)
        case .container(let container): try container.decode(type, forKey: JSONKey(key))
        }
    }

    /// A whole number.
    package func decode(_ type: Int64.Type, forKey key: some CodingKey) throws -> Int64 {
        switch source {
        case .document(let object): try object.required(key).decode(type)
        case .container(let container): try container.decode(type, forKey: JSONKey(key))
        }
    }

    /// A text; nil for a member that isn't there, and for null.
    package func decodeIfPresent(_ type: String.Type, forKey key: some CodingKey) throws -> String? {
        switch source {
        case .document(let object): try object.present(key)?.decode(type)
        case .container(let container): try container.decodeIfPresent(type, forKey: JSONKey(key))
        }
    }

    /// A value of any type; nil for a member that isn't there, and for null.
    package func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: some CodingKey) throws -> Value? {
        switch source {
        case .document(let object): try object.present(key)?.decode(type)
        case .container(let container): try container.decodeIfPresent(type, forKey: JSONKey(key))
        }
    }

    /// The elements of a list, none for null.
    package func decode<Element: Decodable>(_ type: [Element].Type, forKey key: some CodingKey) throws -> [Element] {
        switch source {
        case .document(let object): try object.required(key).elements()
        case .container(let container): try container.decode(type, forKey: JSONKey(key))
        }
    }

    /// The elements of a list; nil for a member that isn't there, and for null.
    package func decodeIfPresent<Element: Decodable>(
        _ type: [Element].Type,
        forKey key: some CodingKey
    ) throws -> [Element]? {
        switch source {
        case .document(let object): try object.present(key)?.elements()
        case .container(let container): try container.decodeIfPresent(type, forKey: JSONKey(key))
        }
    }

    /// Texts by name, null for one is an empty text, as Go's decoder reads it; nil for a member that isn't there, and
    /// for null.
    package func texts(_ key: some CodingKey) throws -> [String: String]? {
        switch source {
        case .document(let object): try object.present(key)?.texts()
        case .container(let container):
            try container.decodeIfPresent([String: String?].self, forKey: JSONKey(key))?.mapValues { $0 ?? "" }
        }
    }

    /// What the bytes of a text are read as, without making one.
    package func read<Result>(
        _ key: some CodingKey,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        switch source {
        case .document(let object): return try object.required(key).read(body)
        case .container(let container):
            var text = try container.decode(String.self, forKey: JSONKey(key))
            return try text.withUTF8(body)
        }
    }

    /// Whether a member is there, and not null.
    package func contains(_ key: some CodingKey) throws -> Bool {
        switch source {
        case .document(let object): object.present(key) != nil
        case .container(let container):
            try container.contains(JSONKey(key)) && !container.decodeNil(forKey: JSONKey(key))
        }
    }
}

extension JSONDecoding {
    fileprivate func required(_ key: some CodingKey) throws -> JSONDecoding {
        guard let node = value.find(key.stringValue) else { throw missing(key) }
        return at(node)
    }

    fileprivate func present(_ key: some CodingKey) -> JSONDecoding? {
        guard let node = value.find(key.stringValue), value.storage.nodes[node].kind != .null else { return nil }
        return at(node)
    }

    fileprivate func read<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        let node = value.node
        guard node.kind == .string else { throw mismatch(String.self, "a text") }
        return try value.storage.withTape { tape in
            guard node.isEscaped else { return try body(tape.inner(value.index)) }
            return try JSONText.content(node, tape.bytes).withUnsafeBufferPointer(body)
        }
    }

    fileprivate func elements<Element: Decodable>() throws -> [Element] {
        guard value.kind == .array else {
            if value.isNull { return [] }
            throw mismatch([Any].self, "a list")
        }
        return try value.elementNodes.map { try at($0, isElement: true).decode(Element.self) }
    }

    fileprivate func texts() throws -> [String: String] {
        guard value.kind == .object else { throw mismatch([String: Any].self, "an object") }
        return try value.storage.withTape { tape in
            var texts: [String: String] = [:]
            texts.reserveCapacity(tape.count(of: value.index))
            let end = Int(tape.nodes[value.index].next)
            var name = value.index + 1
            while name < end {
                let isText = tape.nodes[name + 1].kind == .string
                let text = isText ? tape.string(name + 1) : try at(name + 1).decode(String?.self) ?? ""
                texts[tape.string(name)] = text
                name = tape.name(after: name)
            }
            return texts
        }
    }
}
