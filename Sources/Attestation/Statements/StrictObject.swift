import JSON

/// An object of a signed document: members that stand twice are refused, and so are unknown ones where it says so.
struct StrictObject {
    private let members: [String: JSONValueView]
    private let what: String

    /// Reads a document whose value is an object.
    init(parsing bytes: [UInt8], limit: Int, what: String) throws(AttestationError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes, limits: JSONDocument.Limits(size: limit, depth: 64))
        } catch {
            throw .malformed(what: what, reason: "\(error)")
        }
        if let irregularity = document.irregularities.first {
            let (line, column) = document.place(of: irregularity.offset)
            throw .malformed(what: what, reason: "line \(line), column \(column): \(irregularity)")
        }
        try self.init(document.value, what: what)
    }

    /// Takes an object over; `what` names it in errors.
    init(_ value: JSONValueView, what: String) throws(AttestationError) {
        guard value.kind == .object else {
            throw .malformed(what: what, reason: "an object is expected, not \(value.kind.words)")
        }
        self.what = what
        members = Dictionary(value.members.map { ($0.name, $0.value) }) { _, last in last }
    }

    /// Throws for a member that isn't one of these.
    func require(only names: Set<String>) throws(AttestationError) {
        guard let other = members.keys.filter({ !names.contains($0) }).min() else { return }
        throw .malformed(what: what, reason: "the member '\(other)' is unknown")
    }

    /// Whether there is such a member.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// The text of a member.
    func text(_ name: String) throws(AttestationError) -> String {
        guard let text = members[name]?.string else { throw missing(name, "a text") }
        return text
    }

    /// The bytes of a member in base64.
    func bytes(_ name: String) throws(AttestationError) -> [UInt8] {
        guard let bytes = Base64.decode(try text(name), urlSafe: true) else {
            throw .malformed(what: what, reason: "'\(name)' is not base64")
        }
        return bytes
    }

    /// A member that is an object.
    func object(_ name: String) throws(AttestationError) -> StrictObject {
        guard let value = members[name] else { throw missing(name, "an object") }
        return try StrictObject(value, what: "'\(name)' of \(what)")
    }

    /// The objects of a member that is a list.
    func objects(_ name: String) throws(AttestationError) -> [StrictObject] {
        var objects: [StrictObject] = []
        for value in try values(name) { objects.append(try StrictObject(value, what: "'\(name)' of \(what)")) }
        return objects
    }

    /// The elements of a member that is a list.
    func values(_ name: String) throws(AttestationError) -> [JSONValueView] {
        guard let list = members[name], list.kind == .array else { throw missing(name, "a list") }
        return list.elements
    }

    /// All members as texts.
    func texts() throws(AttestationError) -> [String: String] {
        var texts: [String: String] = [:]
        for name in members.keys { texts[name] = try text(name) }
        return texts
    }

    /// The value of a member, whatever it is.
    subscript(name: String) -> JSONValueView? { members[name] }

    private func missing(_ name: String, _ kind: String) -> AttestationError {
        let found = members[name].map { "'\(name)' is \($0.kind.words)" } ?? "there is no '\(name)'"
        return .malformed(what: what, reason: "\(found); \(kind) is expected")
    }
}
