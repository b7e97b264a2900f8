/// The one pass over a document's bytes: its grammar, its nodes, and what is irregular.
///
/// It keeps the open lists and objects in an array, so that nesting costs no stack.
struct JSONScanner {
    /// Where and why the scan ended.
    struct Failure: Error {
        let offset: Int
        let path: String
        let reason: String
    }

    /// An irregularity: its kind, and the node and byte where it is.
    struct Mark {
        let kind: JSONIrregularity.Kind
        let node: Int
        let offset: UInt32
    }

    private static let mostMarks = 64

    let bytes: UnsafeBufferPointer<UInt8>
    private let depth: Int
    var position = 0
    private(set) var nodes: [JSONNode] = []
    private(set) var marks: [Mark] = []
    private var open: [Int] = []
    private var repeats = 0
    private var invalidTexts = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) {
        self.bytes = bytes
        self.depth = depth
        nodes.reserveCapacity(bytes.count / 16)
    }

    mutating func scan() throws(Failure) {
        // RFC 8259, section 8.1: a parser may ignore a mark, and many refuse it.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            marks.append(Mark(kind: .byteOrderMark, node: 0, offset: 0))
            position = 3
        }
        repeat {
            while try !value() {}
            try close()
        } while !open.isEmpty
        skipSpace()
        guard position == bytes.count else { throw failure("more text after the document's end") }
    }

    // A scalar or an empty list or object is whole; another list or object has begun with false.
    private mutating func value() throws(Failure) -> Bool {
        skipSpace()
        let start = position
        switch peek {
        case UInt8(ascii: "\""): try text()
        case UInt8(ascii: "{"):
            try begin(.object)
            guard take("}") else {
                try name()
                return false
            }
            end()
        case UInt8(ascii: "["):
            try begin(.array)
            guard take("]") else { return false }
            end()
        case UInt8(ascii: "t"): try word("true", .true)
        case UInt8(ascii: "f"): try word("false", .false)
        case UInt8(ascii: "n"): try word("null", .null)
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"):
            let isWhole = try number()
            add(.number, from: start, isWhole: isWhole)
        case nil: throw failure("the document ends where a value should be")
        case UInt8(ascii: "/"): throw failure("JSON has no comments")
        default: throw failure("no value starts like this")
        }
        return true
    }

    // Behind a whole value: closes what ends there, or goes to where the next value begins.
    private mutating func close() throws(Failure) {
        while let top = open.last {
            skipSpace()
            if nodes[top].kind == .array {
                if take("]") { end(); continue }
                guard take(",") else { throw failure("expected , or ] in a list") }
                skipSpace()
                if peek == UInt8(ascii: "]") { throw failure("a comma before ]") }
            } else {
                if take("}") { end(); continue }
                guard take(",") else { throw failure("expected , or } in an object") }
                try name()
            }
            return
        }
    }

    private mutating func begin(_ kind: JSONNode.Kind) throws(Failure) {
        guard open.count < depth else { throw failure("nested more than \(depth) deep") }
        open.append(nodes.count)
        nodes.append(JSONNode(start: UInt32(position), end: 0, next: 0, kind: kind))
        position += 1
        skipSpace()
    }

    private mutating func end() {
        guard let top = open.popLast() else { return }
        nodes[top].end = UInt32(position)
        nodes[top].next = UInt32(nodes.count)
        if nodes[top].kind == .object { noteRepeats(in: top) }
    }

    private mutating func name() throws(Failure) {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else {
            let isEnd = peek == UInt8(ascii: "}") && open.last.map { nodes.count > $0 + 1 } == true
            throw failure(isEnd ? "a comma before }" : "expected a member's name in quotes")
        }
        try text()
        skipSpace()
        guard take(":") else { throw failure("expected : after a member's name") }
    }

    private mutating func word(_ word: StaticString, _ kind: JSONNode.Kind) throws(Failure) {
        let start = position
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[start...].starts(with: letters) else { throw failure("expected \(word)") }
        position += letters.count
        add(kind, from: start)
    }

    // MARK: Bytes

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            // Most bytes are none.
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    // MARK: What was found

    mutating func add(
        _ kind: JSONNode.Kind,
        from start: Int,
        isEscaped: Bool = false,
        isASCII: Bool = false,
        isWhole: Bool = false
    ) {
        nodes.append(
            JSONNode(
                start: UInt32(start),
                end: UInt32(position),
                next: UInt32(nodes.count + 1),
                kind: kind,
                isEscaped: isEscaped,
                isASCII: isASCII,
                isWhole: isWhole
            )
        )
    }

    /// Marks the text that is scanned now, which becomes the next node.
    mutating func markInvalidText(at offset: Int) {
        invalidTexts += 1
        guard invalidTexts <= Self.mostMarks else { return }
        marks.append(Mark(kind: .invalidText, node: nodes.count, offset: UInt32(offset)))
    }

    private mutating func noteRepeats(in object: Int) {
        let found = nodes.withUnsafeBufferPointer { [bytes] nodes in
            JSONNames.repeats(in: object, JSONTape(bytes: bytes, nodes: nodes))
        }
        for found in found {
            repeats += 1
            guard repeats <= Self.mostMarks else { return }
            marks.append(Mark(kind: found.kind, node: found.name, offset: nodes[found.name].start))
        }
    }

    func failure(_ reason: String) -> Failure { failure(reason, at: position) }

    func failure(_ reason: String, at offset: Int) -> Failure {
        Failure(offset: offset, path: openPath, reason: reason)
    }

    // The path of the value that is being read: the last member or element of each open object or list.
    private var openPath: String {
        var path = JSONPath()
        for object in open {
            var (node, last, count) = (object + 1, object + 1, 0)
            let isObject = nodes[object].kind == .object
            while node < nodes.count {
                last = node
                if isObject { node += 1 }
                count += 1
                // What is open itself doesn't know its end yet.
                guard node < nodes.count, nodes[node].next > 0 else { break }
                node = Int(nodes[node].next)
            }
            if isObject {
                guard last < nodes.count else { break }
                path.append(name: JSONText.string(nodes[last], bytes))
            } else {
                let isComplete = node >= nodes.count
                path.append(index: isComplete ? count : count - 1)
            }
        }
        return path.text
    }
}
