import Yams

/// A YAML file, a policy or a project's, as nested texts, with the line of each for messages.
///
/// YAML 1.2 as libyaml reads it, but that plain values stay the texts that they are: `1.20` is a version, and `no` a
/// word. Anchors are refused: a few lines with them can stand for any number of values.
package indirect enum PolicyDocument: Equatable {
    case scalar(String, line: Int)
    case list([PolicyDocument], line: Int)
    case mapping([(key: String, value: PolicyDocument)], line: Int)

    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.scalar(let a, _), .scalar(let b, _)): a == b
        case (.list(let a, _), .list(let b, _)): a == b
        case (.mapping(let a, _), .mapping(let b, _)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }

    /// The line where it begins, from 1.
    package var line: Int {
        switch self {
        case .scalar(_, let line), .list(_, let line), .mapping(_, let line): line
        }
    }

    /// Reads a file's text; an empty one is an empty mapping.
    package init(parsing text: String) throws(PolicyError) {
        if let line = Self.anchor(in: text) {
            throw PolicyError(line, "anchors can't be used here: write the value where it is meant")
        }
        let root: Node?
        do {
            root = try compose(yaml: text, .basic, .default, .utf8)
        } catch {
            throw Self.explain(error)
        }
        self = try root.map { node throws(PolicyError) in try Self.read(node) } ?? .mapping([], line: 1)
    }

    private static func read(_ node: Node) throws(PolicyError) -> Self {
        let line = node.mark?.line ?? 1
        switch node {
        case .scalar(let scalar):
            return .scalar(scalar.string, line: line)
        case .sequence(let items):
            return .list(try items.map { item throws(PolicyError) in try read(item) }, line: line)
        case .mapping(let members):
            var pairs: [(key: String, value: Self)] = []
            for (key, value) in members {
                guard case .scalar(let name) = key else {
                    throw PolicyError(key.mark?.line ?? line, "'key: value' is expected")
                }
                pairs.append((name.string, try read(value)))
            }
            return .mapping(pairs, line: line)
        case .alias:
            throw PolicyError(line, "an alias has nothing to stand for here")
        }
    }

    /// The line of the first `&` that begins a word, be it in a quoted text: the composer follows aliases and keeps no
    /// mark of anchors, and whoever looks for quotes by other rules than its own can be led astray.
    private static func anchor(in text: String) -> Int? {
        var line = 1
        var previous = UInt8(ascii: " ")
        let bytes = text.utf8
        for (byte, next) in zip(bytes, bytes.dropFirst()) {
            if byte == UInt8(ascii: "&"), " \n\r\t[]{},:-?!".utf8.contains(previous), !" \n\r\t".utf8.contains(next) {
                return line
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            previous = byte
        }
        return nil
    }

    private static func explain(_ error: any Error) -> PolicyError {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            PolicyError(mark.line, "it is not YAML: \(problem)")
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            // Where the mapping begins: libyaml's composer tells no more.
            PolicyError(context.mark.line, keys.map { "'\($0)' is there twice" }.joined(separator: ", "))
        case YamlError.reader(let problem, let offset, _, _):
            PolicyError(1, "it is not YAML: \(problem)" + (offset.map { " at byte \($0)" } ?? ""))
        default:
            PolicyError(1, "it is not YAML: \(error)")
        }
    }
}
