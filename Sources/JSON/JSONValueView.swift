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
        node.kind == .string ? storage.withTape { $0.string(index) } : nil
    }

    /// A number that is written without fraction and exponent and fits; nil for anything else.
    package var int64: Int64? {
        let node = node
        guard node.kind == .number, node.isWhole else { return nil }
        return storage.withTape { tape in
            var digits = tape.bytes[Int(node.start)..<Int(node.end)]
            let isNegative = digits.first == UInt8(ascii: "-")
            if isNegative { digits.removeFirst() }
            var number: Int64 = 0
            for digit in digits {
                let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
                let unit = Int64(digit - UInt8(ascii: "0"))
                let (sum, overflows) =
                    isNegative ? tens.subtractingReportingOverflow(unit) : tens.addingReportingOverflow(unit)
                guard !isTooLarge, !overflows else { return nil }
                number = sum
            }
            return number
        }
    }

    /// A number, rounded to the nearest that a double can hold; nil for anything else.
    package var double: Double? { node.kind == .number ? Double(text) : nil }

    /// The elements of a list; none for anything else.
    package var elements: [JSONValueView] {
        elementNodes.map { JSONValueView(storage, $0) }
    }

    /// The members of an object in their order, those that stand there twice, too; none for anything else.
    package var members: [Member] {
        memberNodes.map { Member(storage, name: $0) }
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
    package subscript(name: String) -> JSONValueView? { find(name).map { JSONValueView(storage, $0) } }

    // The node of a member's value.
    func find(_ name: String) -> Int? {
        var name = name
        return name.withUTF8 { name in storage.withTape { $0.value(of: name, in: index) } }
    }

    /// The byte at which it begins.
    package var offset: Int { Int(node.start) }

    /// The bytes as they stand in the document: a number's digits, a text with quotes and escapes.
    package var source: ArraySlice<UInt8> { storage.bytes[Int(node.start)..<Int(node.end)] }

    private var text: String { String(decoding: source, as: UTF8.self) }

    // The nodes of a list's elements.
    var elementNodes: [Int] {
        let node = node
        guard node.kind == .array else { return [] }
        return storage.withTape { tape in
            var all: [Int] = []
            var child = index + 1
            while child < Int(node.next) {
                all.append(child)
                child = Int(tape.nodes[child].next)
            }
            return all
        }
    }

    // The nodes of the names of an object's members; behind each is its value's.
    var memberNodes: [Int] {
        let node = node
        guard node.kind == .object else { return [] }
        return storage.withTape { tape in
            var all: [Int] = []
            var name = index + 1
            while name < Int(node.next) {
                all.append(name)
                name = tape.name(after: name)
            }
            return all
        }
    }
}

extension JSONValueView.Member {
    init(_ storage: JSONDocument.Storage, name node: Int) {
        let name = JSONValueView(storage, node)
        self.init(name: name.string ?? "", value: JSONValueView(storage, node + 1), offset: name.offset)
    }
}
