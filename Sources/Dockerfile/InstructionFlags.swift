/// The flags of one instruction, checked against those it has.
struct InstructionFlags {
    /// What a flag's value is.
    enum Kind {
        /// `true` or `false`; alone it is true.
        case bool
        /// A text.
        case string
        /// A text; the flag may be repeated.
        case strings
    }

    private var values: [String: [String]] = [:]

    /// Reads flags as they are written, `--chmod=755`.
    ///
    /// Throws for a flag that isn't known, stands twice, or has no value or a wrong one.
    init(_ flags: [String], known: [String: Kind]) throws(DockerfileError.Problem) {
        for flag in flags {
            let parts = flag.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            var value = parts.count > 1 ? String(parts[1]) : nil
            guard let kind = known[name] else {
                throw .unknownFlag("--" + name, nearest: Suggestion.nearest(to: name, in: known.keys))
            }
            if values[name] != nil, kind != .strings { throw .repeatedFlag("--" + name) }
            if kind == .bool {
                guard value != "" else { throw .flagWithoutValue("--" + name) }
                value = (value ?? "true").lowercased()
                guard value == "true" || value == "false" else {
                    throw .flagNotBoolean("--" + name, value: value ?? "")
                }
            }
            guard let value else { throw .flagWithoutValue("--" + name) }
            values[name, default: []].append(value)
        }
    }

    /// A flag's text; nil when it isn't given.
    subscript(_ name: String) -> String? { values[name]?.first }

    /// All texts of a flag.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// A flag's truth; nil when it isn't given.
    func bool(_ name: String) -> Bool? { self[name].map { $0 == "true" } }
}
