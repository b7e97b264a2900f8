import ImageFileSystem
package import OCI

/// A finding that a policy refuses and accepts all the same, at some paths and up to a day.
package struct IgnoredFinding: Sendable, Hashable {
    /// The finding's code.
    package let code: FindingCode
    /// Where; nil for every place.
    package let path: PathPattern?
    /// Why, for people.
    package let reason: String
    /// The last day, UTC, as it is written: `2026-12-31`; nil without an end.
    package let until: String?
    /// The first moment behind that day.
    package let end: Timestamp?

    private static let day: Int64 = 86_400_000

    /// Nil for a day that isn't one.
    init?(_ code: FindingCode, path: PathPattern?, reason: String, until: String?) {
        var end: Timestamp?
        if let until {
            guard let start = Timestamp(rfc3339: until + "T00:00:00Z"), until.utf8.count == 10 else { return nil }
            end = Timestamp(milliseconds: start.milliseconds + Self.day)
        }
        (self.code, self.path, self.reason, self.until, self.end) = (code, path, reason, until, end)
    }

    /// Whether it speaks of a finding.
    func fits(_ code: FindingCode, _ path: FilePath?) -> Bool {
        guard code == self.code else { return false }
        return self.path.map { pattern in path.map(pattern.matches) ?? false } ?? true
    }

    func hasExpired(at time: Timestamp) -> Bool { end.map { $0 <= time } ?? false }
}

extension PolicyDocument {
    /// An item of `ignore`; throws for what lacks a code or a reason.
    func ignoredFinding() throws(PolicyError) -> IgnoredFinding {
        guard case .mapping(let members, _) = self else {
            throw PolicyError(line, "code, path, reason, until are expected")
        }
        var texts: [String: String] = [:]
        for (key, value) in members {
            guard ["code", "path", "reason", "until"].contains(key) else {
                throw PolicyError(value.line, "ignore: '\(key)' is not known: code, path, reason or until is expected")
            }
            let text = try value.text()
            guard !text.isEmpty else { throw PolicyError(value.line, "ignore: '\(key)' is empty") }
            texts[key] = text
        }
        guard let word = texts["code"], let reason = texts["reason"] else {
            throw PolicyError(line, "ignore: a code and a reason are expected")
        }
        guard let code = FindingCode(rawValue: word) else {
            throw PolicyError(line, "ignore: '\(word)' is not the code of a finding")
        }
        let path = texts["path"].map { PathPattern($0) }
        guard let ignored = IgnoredFinding(code, path: path, reason: reason, until: texts["until"]) else {
            throw PolicyError(line, "ignore: '\(texts["until"] ?? "")' is not a day such as 2026-12-31")
        }
        return ignored
    }
}
