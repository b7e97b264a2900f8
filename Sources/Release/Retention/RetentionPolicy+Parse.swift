import JSON

/// What is wrong in a retention policy, and where.
package struct RetentionPolicyError: Error, Hashable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The place in the document, `rules[2].keepDays`.
    package let place: String
    /// What was found and what would be right.
    package let reason: String

    /// One line.
    package var description: String { "line \(line), \(place): \(reason)" }
}

extension RetentionPolicy {
    /// The largest policy that is read, in bytes.
    package static var largestSize: Int { 1 << 20 }

    /// Reads a policy: `{"rules": [{"names": ["*"], "keepStable": 10, …}]}`.
    ///
    /// Members that aren't known, or stand twice, are refused: a misspelt one would keep too little.
    package init(parsing bytes: [UInt8]) throws(RetentionPolicyError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes)
        } catch {
            throw RetentionPolicyError(
                line: error.line,
                place: "text",
                reason: "it is not a JSON document: \(error.reason)"
            )
        }
        let reader = Reader(document: document)
        if let irregularity = document.irregularities.first {
            throw reader.error(at: irregularity.offset, "text", "\(irregularity)")
        }
        let top = document.value
        guard let rules = top["rules"], rules.kind == .array else {
            throw reader.error(at: top.offset, "top", "an object with a list 'rules' is expected")
        }
        if let unknown = top.members.first(where: { $0.name != "rules" }) {
            throw reader.error(at: unknown.offset, unknown.name, "it isn't known; there is only 'rules'")
        }
        self.init(rules: [])
        for (number, rule) in rules.elements.enumerated() {
            self.rules.append(try reader.rule(rule, place: "rules[\(number)]"))
        }
    }
}

/// Reads the rules of a document.
private struct Reader {
    let document: JSONDocument

    private static let known = [
        "keepAudited", "keepDays", "keepInImages", "keepPreReleases", "keepStable", "keepVersions", "names",
    ]
    private static let counts: ClosedRange<Int64> = 0...1_000_000

    func error(at offset: Int, _ place: String, _ reason: String) -> RetentionPolicyError {
        RetentionPolicyError(line: document.place(of: offset).line, place: place, reason: reason)
    }

    func rule(_ value: JSONValueView, place: String) throws(RetentionPolicyError) -> RetentionPolicy.Rule {
        guard value.kind == .object else { throw error(at: value.offset, place, "a rule is an object") }
        if let unknown = value.members.first(where: { !Self.known.contains($0.name) }) {
            let list = Self.known.joined(separator: ", ")
            throw error(at: unknown.offset, "\(place).\(unknown.name)", "it isn't known; there are \(list)")
        }
        let nameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789._-/*?"
        var rule = RetentionPolicy.Rule(names: try patterns(value, "names", place, of: nameCharacters))
        guard !rule.names.isEmpty else {
            let offset = (value["names"] ?? value).offset
            throw error(at: offset, "\(place).names", "a list of patterns is expected, such as [\"*\"]")
        }
        rule.keepStable = try count(value, "keepStable", place)
        rule.keepPreReleases = try count(value, "keepPreReleases", place)
        rule.keepDays = try count(value, "keepDays", place)
        let versionCharacters = nameCharacters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ+"
        rule.keepVersions = try patterns(value, "keepVersions", place, of: versionCharacters)
        rule.keepInImages = try flag(value, "keepInImages", place)
        rule.keepAudited = try flag(value, "keepAudited", place)
        return rule
    }

    private func count(
        _ rule: JSONValueView,
        _ name: String,
        _ place: String
    ) throws(RetentionPolicyError) -> Int {
        guard let value = rule[name] else { return 0 }
        guard let number = value.int64, Self.counts.contains(number) else {
            throw error(
                at: value.offset,
                "\(place).\(name)",
                "a number from 0 to \(Self.counts.upperBound) is expected"
            )
        }
        return Int(number)
    }

    private func flag(
        _ rule: JSONValueView,
        _ name: String,
        _ place: String
    ) throws(RetentionPolicyError) -> Bool {
        guard let value = rule[name] else { return true }
        guard let flag = value.bool else {
            throw error(at: value.offset, "\(place).\(name)", "true or false is expected")
        }
        return flag
    }

    // A pattern that nothing can match would keep nothing.
    private func patterns(
        _ rule: JSONValueView,
        _ name: String,
        _ place: String,
        of characters: String
    ) throws(RetentionPolicyError) -> [String] {
        guard let value = rule[name] else { return [] }
        guard value.kind == .array else {
            throw error(at: value.offset, "\(place).\(name)", "a list of texts is expected")
        }
        var patterns: [String] = []
        for item in value.elements {
            guard let text = item.string, (1...255).contains(text.utf8.count) else {
                throw error(at: item.offset, "\(place).\(name)", "texts of 1 to 255 bytes are expected")
            }
            if let other = text.first(where: { !characters.contains($0) }) {
                let reason = "'\(text)' matches nothing: no \(name == "names" ? "name" : "version") has '\(other)'"
                throw error(at: item.offset, "\(place).\(name)", reason)
            }
            patterns.append(text)
        }
        return patterns
    }
}
