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
package struct JSONMembers: Sendable, ExpressibleByDictionaryLiteral {
    private let shapes: [String: JSONShape]
    // The known name for each in lower case.
    private let folded: [String: String]

    /// Members by their names, which are ASCII.
    package init(dictionaryLiteral elements: (String, JSONShape)...) {
        self.init(Dictionary(elements) { _, last in last })
    }

    private init(_ shapes: [String: JSONShape]) {
        self.shapes = shapes
        folded = Dictionary(shapes.keys.map { (JSONFolding.fold($0), $0) }) { first, _ in first }
    }

    fileprivate var allNames: Set<String> {
        shapes.reduce(into: []) { names, member in
            names.insert(member.key)
            names.formUnion(member.value.allNames)
        }
    }

    /// What a name is to readers that ignore letter case: the known name, and whether it is spelt so.
    func known(_ name: String) -> (name: String, shape: JSONShape, isExact: Bool)? {
        // Equal texts of Swift may differ in bytes (U+212A is K to it).
        if let shape = shapes[name], name.utf8.allSatisfy({ $0 < 0x80 }) { return (name, shape, true) }
        guard let known = folded[JSONFolding.fold(name)], let shape = shapes[known] else { return nil }
        return (known, shape, false)
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
}

extension JSONDocument {
    /// The members that readers resolve in different ways: those that stand twice, wherever that is, and known ones
    /// that are spelt in other letter case.
    package func ambiguities(as shape: JSONShape) -> [JSONIrregularity] {
        var found = irregularities.filter { $0.kind == .repeatedMember || $0.kind == .equivalentMember }
        value.findLetterCase(shape, &found)
        return found
    }
}

extension JSONValueView {
    // As deep as the shape.
    fileprivate func findLetterCase(_ shape: JSONShape, _ found: inout [JSONIrregularity]) {
        guard found.count < 64 else { return }
        switch (shape, node.kind) {
        case (.object(let known), .object):
            for member in members {
                guard let match = known.known(member.name) else { continue }
                if !match.isExact {
                    let path = JSONValueView(storage, 0).path(to: member.value.index - 1)
                    found.append(JSONIrregularity(.letterCase(known: match.name), at: member.offset, path: path))
                }
                member.value.findLetterCase(match.shape, &found)
            }
        case (.list(let shape), .array):
            if case .anything = shape { return }
            for element in elements { element.findLetterCase(shape, &found) }
        case (.map(let shape), .object):
            if case .anything = shape { return }
            for member in members { member.value.findLetterCase(shape, &found) }
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
