import JSON

/// A slow and plain model of how Go's encoding/json resolves names: what it finds, `JSONDocument` must find, and nothing
/// else.
///
/// Written apart from it: over characters instead of bytes, recursive, each name compared with each.
struct FoldingModel {
    /// Names that readers know: those of this fuzzer's one kind of object, wherever it stands below `k`.
    static let shape: JSONShape = .object(["k": .list(names), "s": .map(.anything), "layers": .anything, "Ask": names])
    private static let names: JSONShape = .object(["sk": .anything, "Size": .anything])

    private let text: [Unicode.Scalar]
    private var place = 0
    private(set) var isAmbiguous = false

    /// Whether a document that is JSON and Unicode can be read in two ways.
    static func isAmbiguous(_ bytes: [UInt8]) -> Bool {
        var model = FoldingModel(text: Array(String(decoding: bytes, as: UTF8.self).unicodeScalars))
        model.value(.top)
        return model.isAmbiguous
    }

    private init(text: [Unicode.Scalar]) { self.text = text }

    // Which object a value is.
    private enum Role { case top, list, names, other }

    private static func known(_ role: Role) -> [String] {
        switch role {
        case .top: ["k", "s", "layers", "Ask"]
        case .names: ["sk", "Size"]
        case .list, .other: []
        }
    }

    private mutating func space() {
        while place < text.count, " \t\r\n".unicodeScalars.contains(text[place]) { place += 1 }
    }

    private mutating func value(_ role: Role) {
        space()
        switch text[place] {
        case "{": object(role)
        case "[":
            place += 1
            space()
            while text[place] != "]" {
                value(role == .list ? .names : .other)
                space()
                if text[place] == "," { place += 1 }
                space()
            }
            place += 1
        case "\"": _ = name()
        default: while place < text.count, !",]} \t\r\n".unicodeScalars.contains(text[place]) { place += 1 }
        }
    }

    private mutating func object(_ role: Role) {
        place += 1
        var names: [[Unicode.Scalar]] = []
        space()
        while text[place] != "}" {
            let name = name()
            if names.contains(name) { isAmbiguous = true }
            names.append(name)
            var next = Role.other
            for known in Self.known(role) where Self.folded(name) == Self.folded(Array(known.unicodeScalars)) {
                if name != Array(known.unicodeScalars) { isAmbiguous = true }
                next = known == "k" ? .list : known == "Ask" ? .names : .other
            }
            space()
            place += 1
            value(next)
            space()
            if text[place] == "," { place += 1 }
            space()
        }
        place += 1
    }

    private mutating func name() -> [Unicode.Scalar] {
        place += 1
        var units: [UInt16] = []
        while text[place] != "\"" {
            guard text[place] == "\\" else {
                units += Array(String(text[place]).utf16)
                place += 1
                continue
            }
            let letter = text[place + 1]
            place += 2
            switch letter {
            case "u":
                let digits = String(String.UnicodeScalarView(text[place..<place + 4]))
                units.append(UInt16(digits, radix: 16) ?? 0)
                place += 4
            case "n": units.append(10)
            case "t": units.append(9)
            case "r": units.append(13)
            case "b": units.append(8)
            case "f": units.append(12)
            default: units += Array(String(letter).utf16)
            }
        }
        place += 1
        return Array(String(decoding: units, as: UTF16.self).unicodeScalars)
    }

    // The least character of those that simple folding makes one: for ASCII letters the capital.
    private static func folded(_ name: [Unicode.Scalar]) -> [UInt32] {
        name.map { scalar in
            switch scalar.value {
            case 0x61...0x7A: scalar.value - 32
            case 0x17F: 0x53
            case 0x212A: 0x4B
            default: scalar.value
            }
        }
    }
}
