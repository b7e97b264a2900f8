/// The members of an object, for a decoder.
struct JSONKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    // Names of this many members are looked up one by one.
    private static var fewMembers: Int { 8 }

    private let members: [JSONValueView.Member]
    private let byName: [String: JSONValueView]
    private let object: JSONDecoding
    private let isMap: Bool

    init(_ object: JSONDecoding, isMap: Bool) {
        members = object.value.members
        self.object = object
        self.isMap = isMap
        byName =
            members.count > Self.fewMembers
            ? Dictionary(members.map { ($0.name, $0.value) }) { _, last in last } : [:]
    }

    var codingPath: [any CodingKey] { object.codingPath }
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNull }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoding(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoding(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoding(key).decode(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoding(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoding(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoding(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { throw unsupported() }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoding(key) }

    private func find(_ key: Key) -> JSONValueView? {
        let name = key.stringValue
        return byName.isEmpty ? members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value : byName[name]
    }

    private func value(_ key: Key) throws -> JSONValueView {
        guard let value = find(key) else {
            let reason = "there is no '\(key.stringValue)'"
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: reason))
        }
        return value
    }

    private func decoding(_ key: Key) throws -> JSONDecoding {
        object.inner(try value(key), key, isElement: isMap)
    }

    private func unsupported() -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "there is no inherited part"))
    }
}

/// The elements of a list, for a decoder.
struct JSONUnkeyedContainer: UnkeyedDecodingContainer {
    private let elements: [JSONValueView]
    private let list: JSONDecoding
    private(set) var currentIndex = 0

    init(_ list: JSONDecoding) {
        elements = list.value.elements
        self.list = list
    }

    var codingPath: [any CodingKey] { list.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try next().value.isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try next().decode(type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let container = try next().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try next().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoding = try next()
        currentIndex += 1
        return decoding
    }

    private func next() throws -> JSONDecoding {
        guard elements.indices.contains(currentIndex) else {
            let reason = "the list has only \(elements.count) elements"
            throw DecodingError.valueNotFound(Any.self, .init(codingPath: codingPath, debugDescription: reason))
        }
        return list.inner(elements[currentIndex], JSONIndexKey(currentIndex), isElement: true)
    }
}
