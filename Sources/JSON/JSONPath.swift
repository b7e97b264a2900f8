/// The way to a value in a document, `layers[2].size`.
struct JSONPath {
    private(set) var text = ""

    // Names are from outside, and the path is for a message.
    private static let longestName = 60

    mutating func append(name: String) {
        if !text.isEmpty { text += "." }
        text += name.count > Self.longestName ? name.prefix(Self.longestName) + "…" : name
    }

    mutating func append(index: Int) {
        text += "[\(index)]"
    }
}

/// A step from a value to one inside it.
enum JSONStep {
    /// To a member's value: the node of its name.
    case member(name: Int)
    /// To an element, by its place in the list.
    case element(Int)
}

extension JSONTape {
    /// The steps from a value to another one, or to a member's name, further down.
    func steps(from top: Int, to target: Int) -> [JSONStep] {
        var steps: [JSONStep] = []
        var value = top
        while value < target {
            let end = Int(nodes[value].next)
            var child = value + 1
            switch nodes[value].kind {
            case .object:
                while child < end, name(after: child) <= target { child = name(after: child) }
                guard child < end else { return steps }
                steps.append(.member(name: child))
                value = child + 1
            case .array:
                var count = 0
                while child < end, Int(nodes[child].next) <= target {
                    child = Int(nodes[child].next)
                    count += 1
                }
                guard child < end else { return steps }
                steps.append(.element(count))
                value = child
            default: return steps
            }
        }
        return steps
    }
}

extension JSONDocument.Storage {
    /// The path from the document's value to another, or to a member's name.
    func path(to target: Int) -> String {
        withTape { tape in
            tape.steps(from: 0, to: target).reduce(into: JSONPath()) { path, step in
                switch step {
                case .member(let name): path.append(name: tape.string(name))
                case .element(let index): path.append(index: index)
                }
            }.text
        }
    }
}
