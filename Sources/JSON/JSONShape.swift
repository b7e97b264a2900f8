/// The names that a document's readers know, so that spellings which some readers take for them are found.
package indirect enum JSONShape: Sendable {
    /// Whatever stands there is nobody's.
    case anything
    /// An object whose members have names that readers know.
    case object(JSONMembers)
    /// A list of such values.
    case list(JSONShape)
    /// An object whose names are data: keys of a map, all of which mean something.
    case map(JSONShape)
}

/// The known members of an object.
package final class JSONMembers: Sendable, ExpressibleByDictionaryLiteral {
    // By the length of their names.
    private let members: [(name: String, shape: JSONShape)]
    // Their names, one behind the other, and where each begins: what is compared with every name of a document.
    private let bytes: [UInt8]
    private let starts: [Int]
    // The members whose names have so many bytes.
    private let byLength: [Range<Int>]

    /// Members by their names, which are ASCII, and no two of which are one in lower case.
    package init(dictionaryLiteral elements: (String, JSONShape)...) {
        let members = elements.map { (name: $0, shape: $1) }.sorted { $0.name.utf8.count < $1.name.utf8.count }
        let lengths = members.map(\.name.utf8.count)
        self.members = members
        bytes = members.flatMap { Array($0.name.utf8) }
        starts = lengths.reduce(into: [0]) { starts, length in starts.append((starts.last ?? 0) + length) }
        byLength = (0...(lengths.last ?? 0)).map { length in
            let first = lengths.firstIndex { $0 >= length } ?? lengths.count
            return first..<(lengths[first...].firstIndex { $0 > length } ?? lengths.count)
        }
    }

    /// The known name.
    func name(of member: Int) -> String { members[member].name }

    /// What is known of its value.
    func shape(of member: Int) -> JSONShape { members[member].shape }

    fileprivate var allNames: Set<String> {
        members.reduce(into: []) { names, member in
            names.insert(member.name)
            names.formUnion(member.shape.allNames)
        }
    }

    /// The member that the name at a node is to readers that ignore letter case, and whether it is spelt so.
    func known(_ node: Int, _ tape: JSONTape) -> (member: Int, isExact: Bool)? {
        guard tape.nodes[node].isASCII else {
            var name = tape.string(node)
            var folded = JSONFolding.fold(name)
            let member = folded.withUTF8 { folded in find(folded) }
            return member.map { member in (member, name.withUTF8 { isName(of: member, $0) }) }
        }
        let name = tape.inner(node)
        return find(name).map { ($0, isName(of: $0, name)) }
    }

    private func find(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
        guard name.count < byLength.count else { return nil }
        return byLength[name.count].first { member in
            zip(name, bytes[starts[member]...]).allSatisfy { JSONFolding.fold($0) == JSONFolding.fold($1) }
        }
    }

    private func isName(of member: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes[starts[member]..<starts[member + 1]].elementsEqual(name)
    }
}

/// How Go's encoding/json compares a member's name with a field's, when none is equal: by simple case folding.
///
/// Two characters outside ASCII fold to letters of it: U+017F to s, U+212A to k.
package enum JSONFolding {
    /// A text that is the same for all names that fold to one ASCII name.
    package static func fold(_ name: String) -> String {
        var folded = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "A"..."Z": folded.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            case "\u{17F}": folded += "s"
            case "\u{212A}": folded += "k"
            default: folded.unicodeScalars.append(scalar)
            }
        }
        return folded
    }

    /// A byte of ASCII in lower case.
    static func fold(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
}

extension JSONDocument {
    /// The members that readers resolve in different ways: those that stand twice, wherever that is, and known ones
    /// that are spelt in other letter case.
    package func ambiguities(as shape: JSONShape) -> [JSONIrregularity] {
        var found = irregularities.filter { $0.kind == .repeatedMember || $0.kind == .equivalentMember }
        storage.withTape { tape in
            for spelling in tape.spellings(of: shape, at: 0).prefix(64) {
                let path = storage.path(to: spelling.name)
                let offset = Int(tape.nodes[spelling.name].start)
                found.append(JSONIrregularity(.letterCase(known: spelling.known), at: offset, path: path))
            }
        }
        return found
    }
}

extension JSONTape {
    /// A known member that is spelt otherwise, by the node of its name.
    private typealias Spelling = (name: Int, known: String)

    fileprivate func spellings(of shape: JSONShape, at value: Int) -> [(name: Int, known: String)] {
        var found: [Spelling] = []
        find(shape, at: value, &found)
        return found
    }

    // As deep as the shape.
    private func find(_ shape: JSONShape, at value: Int, _ found: inout [Spelling]) {
        let end = Int(nodes[value].next)
        var child = value + 1
        switch (shape, nodes[value].kind) {
        case (.object(let known), .object):
            while child < end, found.count < 64 {
                if let match = known.known(child, self) {
                    if !match.isExact { found.append((child, known.name(of: match.member))) }
                    // A scalar has no members.
                    if nodes[child + 1].kind.isContainer { find(known.shape(of: match.member), at: child + 1, &found) }
                }
                child = name(after: child)
            }
        case (.list(let shape), .array):
            if case .anything = shape { return }
            while child < end, found.count < 64 {
                find(shape, at: child, &found)
                child = Int(nodes[child].next)
            }
        case (.map(let shape), .object):
            if case .anything = shape { return }
            while child < end, found.count < 64 {
                find(shape, at: child + 1, &found)
                child = name(after: child)
            }
        default: return
        }
    }
}

extension JSONShape {
    /// The names of all known members, those further down too.
    package var allNames: Set<String> {
        switch self {
        case .anything: []
        case .object(let members): members.allNames
        case .list(let shape), .map(let shape): shape.allNames
        }
    }
}
