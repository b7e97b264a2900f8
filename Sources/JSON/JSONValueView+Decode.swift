extension JSONValueView {
    /// Decodes a typed view of the value.
    ///
    /// Of members that stand twice the last counts, names are compared as they are, and `null` is an empty list or map
    /// where one is expected, as in Go. A whole number must be written as one. Throws `DecodingError`.
    ///
    /// With `readsNullElements`, `null` in a list or as a value of a map is what Go's encoding/json leaves there: an
    /// empty text, 0, false, or an object without members.
    package func decode<Value: Decodable>(
        _ type: Value.Type = Value.self,
        readsNullElements: Bool = false
    ) throws -> Value {
        try JSONDecoding(self, readsNullElements: readsNullElements).decode(type)
    }
}

/// A member's name, or a place in a list, whatever type it is decoded for.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "[\(intValue)]"
        self.intValue = intValue
    }

    init(_ key: some CodingKey) { self.init(stringValue: key.stringValue) }
}

/// A value that `null` stands for an empty one of.
private protocol EmptyForNull {
    static var empty: Self { get }
    /// Whether it is read from an object's members, whatever their names.
    static var isMap: Bool { get }
}

extension Array: EmptyForNull {
    fileprivate static var empty: Self { [] }
    fileprivate static var isMap: Bool { false }
}

extension Dictionary: EmptyForNull {
    fileprivate static var empty: Self { [:] }
    fileprivate static var isMap: Bool { true }
}

/// Decodes one value: the decoder of whatever type it is, and its container when it is a scalar.
package struct JSONDecoding: Decoder, SingleValueDecodingContainer {
    /// The value that is decoded.
    package let value: JSONValueView
    // The node of the value that decoding began with; paths are found when they are asked for. With the flags a
    // decoding is small enough to lie in an existential itself.
    private let top: UInt32
    private let readsNullElements: Bool
    /// Whether it is `null` that stands for the empty value of its type.
    let isEmptyValue: Bool
    /// Whether the members of the object are a map's.
    private var isMap = false

    init(_ value: JSONValueView, readsNullElements: Bool) {
        self.value = value
        self.readsNullElements = readsNullElements
        top = UInt32(value.index)
        isEmptyValue = false
    }

    private init(_ value: JSONValueView, in outer: Self, isElement: Bool) {
        self.value = value
        top = outer.top
        readsNullElements = outer.readsNullElements
        isEmptyValue = readsNullElements && isElement && value.isNull
    }

    package var codingPath: [any CodingKey] {
        value.storage.withTape { tape in
            tape.steps(from: Int(top), to: value.index).map { step in
                switch step {
                case .member(let name): JSONKey(stringValue: tape.string(name))
                case .element(let index): JSONKey(intValue: index)
                }
            }
        }
    }

    /// Decodes another value of the document.
    func at(_ node: Int, isElement: Bool = false) -> JSONDecoding {
        JSONDecoding(JSONValueView(value.storage, node), in: self, isElement: isElement)
    }

    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard value.kind == .object || isEmptyValue else { throw mismatch([String: Any].self, "an object") }
        return KeyedDecodingContainer(JSONKeyedContainer<Key>(self, isMap: isMap))
    }

    package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard value.kind == .array || isEmptyValue else { throw mismatch([Any].self, "a list") }
        return JSONUnkeyedContainer(self)
    }

    package func singleValueContainer() -> any SingleValueDecodingContainer { self }

    package func decodeNil() -> Bool { value.isNull }

    package func decode(_ type: Bool.Type) throws -> Bool {
        guard let bool = isEmptyValue ? false : value.bool else { throw mismatch(type, "true or false") }
        return bool
    }

    package func decode(_ type: String.Type) throws -> String {
        guard let text = isEmptyValue ? "" : value.string else { throw mismatch(type, "a text") }
        return text
    }

    package func decode(_ type: Double.Type) throws -> Double {
        guard let number = isEmptyValue ? 0 : value.double else { throw mismatch(type, "a number") }
        return number
    }

    package func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    package func decode(_ type: Int.Type) throws -> Int { try whole(type) }
    package func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
    package func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
    package func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
    package func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
    package func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
    package func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
    package func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
    package func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }

    package func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }

    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if value.isNull, let type = type as? any EmptyForNull.Type, let empty = type.empty as? Value { return empty }
        guard readsNullElements, value.hasNullMember, (type as? any EmptyForNull.Type)?.isMap == true else {
            return try Value(from: self)
        }
        var map = self
        map.isMap = true
        return try Value(from: map)
    }

    private func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard !isEmptyValue else { return 0 }
        guard value.kind == .number else { throw mismatch(type, "a whole number") }
        guard let number = value.int64.flatMap({ Number(exactly: $0) }) else {
            let digits = String(decoding: value.source.prefix(40), as: UTF8.self)
            throw DecodingError.dataCorruptedError(
                in: self,
                debugDescription: "\(digits) is not a whole number of \(Number.bitWidth) bits"
            )
        }
        return number
    }

    func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
        let found = "\(expected) is expected, not \(value.kind.words)"
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: found)
        return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }
}

extension JSONValueView.Kind {
    /// What a person calls it.
    package var words: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
