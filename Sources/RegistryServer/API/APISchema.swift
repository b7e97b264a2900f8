import ContentAddress

/// A schema of a JSON value (JSON Schema 2020-12, as OpenAPI 3.1 has it).
struct APISchema: Sendable {
    let value: JSONValue
    var isOptional = false

    private init(_ value: JSONValue) { self.value = value }

    static let text = Self(["type": "string"])
    static let number = Self(["type": "integer"])
    static let bool = Self(["type": "boolean"])
    static let digest = Self(["type": "string", "pattern": "^sha256:[0-9a-f]{64}$"])
    static let hash = Self(["type": "string", "pattern": "^[0-9a-f]{64}$"])
    static let time = Self(["type": "string", "format": "date-time"])
    static let anything = Self(["type": "object"])

    static func word(_ words: [String]) -> Self { Self(["type": "string", "enum": .array(words.map { .string($0) })]) }
    static func list(_ item: Self) -> Self { Self(["type": "array", "items": item.value]) }
    static func reference(_ name: String) -> Self { Self(["$ref": .string("#/components/schemas/" + name)]) }
    static func texts() -> Self { Self(["type": "object", "additionalProperties": ["type": "string"]]) }

    /// An object with these members; others may be added by later versions.
    static func object(_ members: KeyValuePairs<String, Self>) -> Self {
        Self([
            "type": "object",
            "properties": .object(Dictionary(members.map { ($0.key, $0.value.value) }) { first, _ in first }),
            "required": .array(members.filter { !$0.value.isOptional }.map { .string($0.key) }),
        ])
    }

    /// The same for a member that may be absent.
    var optional: Self {
        var schema = self
        schema.isOptional = true
        return schema
    }
}
