/// The members of an object, for a decoder.
struct JSONKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    // Names of this many members are looked up one by one.
    private static var fewMembers: Int { 8 }

    private let object: JSONDecoding
    private let isMap: Bool
    private let byName: [String: Int]

    init(_ object: JSONDecoding, isMap: Bool) {
        self.object = object
        self.isMap = isMap
        let members = object.value.memberNodes
        byName =
            members.count > Self.fewMembers
            ? Dictionary(members.map { (object.at($0).value.string ?? "", $0 + 1) }) { _, last in last } : [:]
    }

    var codingPath: [any CodingKey] { object.codingPath }
    var allKeys: [Key] { object.value.members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).value.isNull }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).decode(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try value(key).decode(type) }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present(key)?.decode(type)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try present(key)?.decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try value(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        throw DecodingError.dataCorrupted(
            .init(codingPath: codingPath, debugDescription: "there is no inherited part")
        )
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }

    private func find(_ key: Key) -> Int? {
        let name = key.stringValue
        return byName.isEmpty ? object.value.find(name) : byName[name]
    }

    private func value(_ key: Key) throws -> JSONDecoding {
        guard let node = find(key) else { throw object.missing(key) }
        return object.at(node, isElement: isMap)
    }

    // A member that is there and not null.
    private func present(_ key: Key) throws -> JSONDecoding? {
        find(key).map { object.at($0) }.flatMap { $0.value.isNull ? nil : $0 }
    }
}

extension JSONDecoding {
    /// Why there is no value for a key.
    func missing(_ key: some CodingKey) -> DecodingError {
        let reason = "there is no '\(key.stringValue)'"
        return .keyNotFound(key, .init(codingPath: codingPath, debugDescription: reason))
    }
}

/// The elements of a list, for a decoder.
struct JSONUnkeyedContainer: UnkeyedDecodingContainer {
    private let list: JSONDecoding
    private let elements: [Int]
    private(set) var currentIndex = 0

    init(_ list: JSONDecoding) {
        self.list = list
        elements = list.value.elementNodes
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
        return list.at(elements[currentIndex], isElement: true)
    }
}
