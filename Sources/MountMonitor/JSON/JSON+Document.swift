import JSON

extension JSON {
    /// How deep the documents of the API server are read; it bounds the recursion.
    static let deepestNesting = 64

    /// What a document says.
    init(_ value: JSONValueView) {
        switch value.kind {
        case .null: self = .null
        case .bool: self = .bool(value.bool == true)
        case .number: self = value.int64.map(JSON.integer) ?? .number(value.double ?? 0)
        case .string: self = .string(value.string ?? "")
        case .array: self = .array(value.elements.map(JSON.init))
        case .object: self = .object(value.members.map { Member($0.name, JSON($0.value)) })
        }
    }
}
