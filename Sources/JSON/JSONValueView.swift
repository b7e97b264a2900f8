/// A value of a ``JSONDocument``: shows what the bytes say, and holds the document.
package struct JSONValueView: Sendable {
    /// What a value is.
    package enum Kind: Hashable, Sendable {
        case null, bool, number, string, array, object
    }

    /// A member of an object.
    package struct Member: Sendable {
        /// Its name, escapes resolved.
        package let name: String
        package let value: JSONValueView
        /// The byte at which its name begins.
        package let offset: Int
    }

    let storage: JSONDocument.Storage
    let index: Int

    init(_ storage: JSONDocument.Storage, _ index: Int) {
        self.storage = storage
        self.index = index
    }

    var node: JSONNode { storage.nodes[index] }

    /// What it is.
    package var kind: Kind {
        switch node.kind {
        case .null: .null
        case .true, .false: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    package var isNull: Bool { node.kind == .null }

    /// `true` or `false`; nil for anything else.
    package var bool: Bool? {
        switch node.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// A text; nil for anything else.
    package var string: String? {
        let node = node
        guard node.kind == .string else { return nil }
        return storage.bytes.withUnsafeBufferPointer { bytes in
            guard !node.isEscaped else { return JSONText.string(node, bytes) }
            return String(decoding: bytes[Int(node.start) + 1..<Int(node.end) - 1], as: UTF8.self)
        }
    }

    /// A number that is written without fraction and exponent and fits; nil for anything else.
    package var int64: Int64? {
        let node = node
        guard node.kind == .number, node.isWhole else { return nil }
        return Int64(text)
    }

    /// A number, rounded to the nearest that a double can hold; nil for anything else.
    package var double: Double? { node.kind == .number ? Double(text) : nil }

    /// The elements of a list; none for anything else.
    package var elements: [JSONValueView] {
        guard node.kind == .array else { return [] }
        return children.map { JSONValueView(storage, $0) }
    }

    /// The members of an object in their order, those that stand there twice, too; none for anything else.
    package var members: [Member] {
        guard node.kind == .object else { return [] }
        var members: [Member] = []
        var name = index + 1
        while name < Int(node.next) {
            members.append(Member(storage, name: name))
            name = Int(storage.nodes[name + 1].next)
        }
        return members
    }

    /// Whether the value of one of an object's members is `null`.
    var hasNullMember: Bool {
        guard node.kind == .object else { return false }
        var name = index + 1
        while name < Int(node.next) {
            let value = storage.nodes[name + 1]
            if value.kind == .null { return true }
            name = Int(value.next)
        }
        return false
    }

    /// The member of a name, the last of several; nil when there is none, and for anything but an object.
    package subscript(name: String) -> JSONValueView? { members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value }

    /// The byte at which it begins.
    package var offset: Int { Int(node.start) }

    /// The bytes as they stand in the document: a number's digits, a text with quotes and escapes.
    package var source: ArraySlice<UInt8> { storage.bytes[Int(node.start)..<Int(node.end)] }

    private var text: String { String(decoding: source, as: UTF8.self) }

    // The nodes of a list's elements.
    private var children: [Int] {
        var all: [Int] = []
        var child = index + 1
        while child < Int(node.next) {
            all.append(child)
            child = Int(storage.nodes[child].next)
        }
        return all
    }

    /// The path from here to a value, or to a member's name, further down.
    func path(to target: Int) -> String {
        var path = JSONPath()
        var value = self
        while value.index < target {
            if value.node.kind == .object {
                guard let member = value.members.last(where: { $0.value.index - 1 <= target }) else { break }
                path.append(name: member.name)
                value = member.value
            } else {
                let elements = value.elements
                guard let last = elements.lastIndex(where: { $0.index <= target }) else { break }
                path.append(index: last)
                value = elements[last]
            }
        }
        return path.text
    }
}

extension JSONValueView.Member {
    init(_ storage: JSONDocument.Storage, name node: Int) {
        let name = JSONValueView(storage, node)
        self.init(name: name.string ?? "", value: JSONValueView(storage, node + 1), offset: name.offset)
    }
}
