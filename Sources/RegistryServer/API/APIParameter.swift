import ArtifactStore
import ContentAddress
import OCI
import Release

/// A parameter of an operation: how it is written, in a form that the OpenAPI document has, and how it is checked.
struct APIParameter: Sendable {
    enum Kind: Sendable {
        /// A whole number in a range.
        case number(ClosedRange<Int64>, standard: Int64?)
        /// One of some words.
        case word([String])
        /// Text whose form is told by a pattern of ECMA 262, and checked by a function.
        case text(pattern: String, example: String, largest: Int, isValid: @Sendable (String) -> Bool)
    }

    let name: String
    let about: String
    let kind: Kind
    var isRequired = false
    /// Whether it stands in the path.
    var isInPath = false

    static let defaultLimit = 100
    static let largestLimit = 1000

    /// Throws ``APIProblem`` for a value that isn't in the parameter's form.
    func check(_ value: String) throws(APIProblem) {
        switch kind {
        case .number(let range, _):
            // By its digits: Int64 reads a plus sign and leading zeros, too.
            guard let number = Int64(value), "\(number)" == value, range.contains(number) else {
                throw .invalid(name, "a whole number from \(range.lowerBound) to \(range.upperBound) is expected")
            }
        case .word(let words):
            guard words.contains(value) else { throw .invalid(name, "it is one of \(words.joined(separator: ", "))") }
        case .text(_, let example, let largest, let isValid):
            guard value.unicodeScalars.count <= largest, isValid(value) else {
                throw .invalid(name, "something like \(example) is expected, of at most \(largest) characters")
            }
        }
    }

    /// The parameter's schema (OpenAPI 3.1.1, "Schema Object").
    var schema: JSONValue {
        switch kind {
        case .number(let range, let standard):
            var members: [String: JSONValue] = [
                "type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound),
            ]
            if let standard { members["default"] = .int(standard) }
            return .object(members)
        case .word(let words): return ["type": "string", "enum": .array(words.map { .string($0) })]
        case .text(let pattern, let example, let largest, _):
            return [
                "type": "string", "pattern": .string(pattern), "maxLength": .int(Int64(largest)),
                "examples": [.string(example)],
            ]
        }
    }
}

extension APIParameter {
    static let limit = APIParameter(
        name: "limit",
        about: "The most items of the answer.",
        kind: .number(1...Int64(largestLimit), standard: Int64(defaultLimit))
    )

    /// A digest in the path.
    static let digest = APIParameter(
        name: "digest",
        about: "The SHA-256 digest.",
        kind: digestText,
        isRequired: true,
        isInPath: true
    )

    static func digest(_ name: String, _ about: String) -> Self { Self(name: name, about: about, kind: digestText) }

    static func release(_ name: String, _ about: String, isRequired: Bool = false) -> Self {
        Self(
            name: name,
            about: about,
            kind: .text(
                pattern: "^" + repository + "@[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$",
                example: "agent@1.2.3",
                largest: 255
            ) { (try? ReleaseKey(parsing: $0)) != nil },
            isRequired: isRequired
        )
    }

    /// A release, or a name for all of its releases.
    static func position(_ name: String, _ about: String) -> Self {
        Self(
            name: name,
            about: about,
            kind: .text(
                pattern: "^" + repository + "(@[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?$",
                example: "agent@1.2.3",
                largest: 255
            ) { (try? ReleasePage.Position(parsing: $0)) != nil }
        )
    }

    static func repository(_ name: String, _ about: String) -> Self {
        Self(
            name: name,
            about: about,
            kind: .text(pattern: "^" + repository + "$", example: "team/agent", largest: 255) {
                (try? RepositoryName(parsing: $0)) != nil
            }
        )
    }

    /// What people write: anything but control characters, which no target may have.
    static func words(_ name: String, _ about: String, example: String, isRequired: Bool = false) -> Self {
        Self(
            name: name,
            about: about,
            kind: .text(pattern: "^[^\\u0000-\\u001f\\u007f]+$", example: example, largest: 512) { !$0.isEmpty },
            isRequired: isRequired
        )
    }

    private static let digestText = Kind.text(
        pattern: "^sha256:[0-9a-f]{64}$",
        example: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        largest: 71
    ) { (try? Digest(parsing: $0)) != nil }

    // OCI distribution specification 1.1, "Pulling manifests".
    private static let repository = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"
}
