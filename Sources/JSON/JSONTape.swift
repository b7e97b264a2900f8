/// The bytes of a document and its nodes where they lie in memory.
///
/// What looks at many values goes from node to node by numbers, which counts no references and makes no texts. Valid as
/// long as their arrays are held; the numbers are those of nodes that the scan made.
struct JSONTape {
    let bytes: UnsafeBufferPointer<UInt8>
    let nodes: UnsafeBufferPointer<JSONNode>

    /// The bytes between a text's quotes, as they stand there.
    func inner(_ node: Int) -> UnsafeBufferPointer<UInt8> {
        let node = nodes[node]
        return UnsafeBufferPointer(rebasing: bytes[Int(node.start) + 1..<Int(node.end) - 1])
    }

    /// A text, escapes resolved; U+FFFD stands where it isn't Unicode.
    func string(_ node: Int) -> String {
        nodes[node].isEscaped ? JSONText.string(nodes[node], bytes) : String(decoding: inner(node), as: UTF8.self)
    }

    /// The number of an object's members.
    func count(of object: Int) -> Int {
        let end = Int(nodes[object].next)
        var (name, count) = (object + 1, 0)
        while name < end {
            name = self.name(after: name)
            count += 1
        }
        return count
    }

    /// The node of the member's name behind that of another; as long as it is before `next` of their object.
    func name(after name: Int) -> Int { Int(nodes[name + 1].next) }

    /// The value of an object's last member of a name; nil when there is none.
    func value(of name: UnsafeBufferPointer<UInt8>, in object: Int) -> Int? {
        guard nodes[object].kind == .object else { return nil }
        let end = Int(nodes[object].next)
        var (member, found) = (object + 1, Int?.none)
        while member < end {
            if isText(member, name) { found = member + 1 }
            member = self.name(after: member)
        }
        return found
    }

    /// Whether a node's text is these bytes, escapes resolved.
    func isText(_ node: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !nodes[node].isEscaped else { return string(node).utf8.elementsEqual(text) }
        return Self.isSame(inner(node), text)
    }

    /// Whether two texts without escapes are the same bytes.
    func isSame(_ left: Int, _ right: Int) -> Bool { Self.isSame(inner(left), inner(right)) }

    private static func isSame(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        // Names that are not the same differ at their end more often than at their beginning.
        var place = left.count
        while place > 0 {
            place -= 1
            if left[place] != right[place] { return false }
        }
        return true
    }
}

extension JSONDocument.Storage {
    /// Gives the document where it lies in memory; nothing of it may leave the closure.
    func withTape<Result>(_ body: (JSONTape) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBufferPointer { bytes in
            try nodes.withUnsafeBufferPointer { try body(JSONTape(bytes: bytes, nodes: $0)) }
        }
    }
}
