import ContentAddress

/// What is wrong in a retention policy, and where.
package struct RetentionPolicyError: Error, Hashable, CustomStringConvertible {
    /// The place in the document, `rules[2].keepDays`.
    package let place: String
    /// What was found and what would be right.
    package let reason: String

    /// One line.
    package var description: String { "the policy's \(place): \(reason)" }
}

extension RetentionPolicy {
    /// The largest policy that is read, in bytes.
    package static var largestSize: Int { 1 << 20 }

    /// Reads a policy: `{"rules": [{"names": ["*"], "keepStable": 10, …}]}`.
    ///
    /// Members that aren't known are refused: a misspelt one would keep too little.
    package init(parsing bytes: [UInt8]) throws(RetentionPolicyError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw RetentionPolicyError(place: "text", reason: "it is not a JSON document: \(error)")
        }
        guard case .object(let members) = value, case .array(let rules)? = members["rules"] else {
            throw RetentionPolicyError(place: "top", reason: "an object with a list 'rules' is expected")
        }
        if let unknown = members.keys.sorted().first(where: { $0 != "rules" }) {
            throw RetentionPolicyError(place: unknown, reason: "it isn't known; there is only 'rules'")
        }
        self.init(rules: [])
        for (number, rule) in rules.enumerated() {
            self.rules.append(try Rule(rule, place: "rules[\(number)]"))
        }
    }
}

extension RetentionPolicy.Rule {
    private static let known = [
        "keepAudited", "keepDays", "keepInImages", "keepPreReleases", "keepStable", "keepVersions", "names",
    ]

    fileprivate init(_ value: JSONValue, place: String) throws(RetentionPolicyError) {
        guard case .object(let members) = value else {
            throw RetentionPolicyError(place: place, reason: "a rule is an object")
        }
        if let unknown = members.keys.sorted().first(where: { !Self.known.contains($0) }) {
            let list = Self.known.joined(separator: ", ")
            throw RetentionPolicyError(place: "\(place).\(unknown)", reason: "it isn't known; there are \(list)")
        }
        func count(_ name: String) throws(RetentionPolicyError) -> Int {
            switch members[name] {
            case nil: return 0
            case .int(let number)? where (0...1_000_000).contains(number): return Int(number)
            default:
                throw RetentionPolicyError(place: "\(place).\(name)", reason: "a number from 0 to 1000000 is expected")
            }
        }
        func flag(_ name: String) throws(RetentionPolicyError) -> Bool {
            switch members[name] {
            case nil: return true
            case .bool(let value)?: return value
            default: throw RetentionPolicyError(place: "\(place).\(name)", reason: "true or false is expected")
            }
        }
        func patterns(_ name: String) throws(RetentionPolicyError) -> [String] {
            guard let value = members[name] else { return [] }
            guard case .array(let items) = value else {
                throw RetentionPolicyError(place: "\(place).\(name)", reason: "a list of texts is expected")
            }
            var patterns: [String] = []
            for item in items {
                guard case .string(let text) = item, (1...255).contains(text.utf8.count) else {
                    let reason = "texts of 1 to 255 bytes are expected"
                    throw RetentionPolicyError(place: "\(place).\(name)", reason: reason)
                }
                patterns.append(text)
            }
            return patterns
        }
        self.init(names: try patterns("names"))
        guard !names.isEmpty else {
            throw RetentionPolicyError(
                place: "\(place).names",
                reason: "a list of patterns is expected, such as [\"*\"]"
            )
        }
        keepStable = try count("keepStable")
        keepPreReleases = try count("keepPreReleases")
        keepDays = try count("keepDays")
        keepVersions = try patterns("keepVersions")
        keepInImages = try flag("keepInImages")
        keepAudited = try flag("keepAudited")
    }
}
