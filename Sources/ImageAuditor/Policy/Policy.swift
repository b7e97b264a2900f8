import ArtifactStore
package import ContentAddress
package import OCI
package import Release

/// What a site demands of an image beyond the verdict (docs/findings.md, "Policies").
package struct Policy: Sendable, Hashable {
    /// The least verdict: `exact` or `contains`.
    package var verdict: Verdict = .contains
    /// Digests of base images that may lie below; nil allows any known one.
    package var bases: [Digest]?
    /// Paths at which there may be files that no release has, even where the verdict must be `exact`.
    package var allowedPaths: [PathPattern] = []
    /// Paths at which there may be nothing.
    package var deniedPaths: [PathPattern] = []
    /// Findings that are refused, whatever their severity.
    package var deniedFindings: [FindingCode] = []
    /// What is refused and accepted all the same.
    package var ignoredFindings: [IgnoredFinding] = []
    /// Whether files with set-id bits are refused.
    package var refusesSetID = false
    /// Whether programs that need a loader are refused.
    package var staticOnly = false
    /// For each name the oldest version that is accepted.
    package var minimumVersions: [RepositoryName: Version] = [:]
    /// Names of which a release must be in the image.
    package var requiredNames: [RepositoryName] = []
    /// Platforms that must be there.
    package var platforms: [Platform] = []

    /// A policy that demands nothing beyond the verdict `contains`.
    package init() {}

    /// Reads a policy file's text.
    ///
    /// Throws ``PolicyError`` with the line of what isn't known or doesn't parse: nothing is passed over.
    package init(parsing text: String) throws(PolicyError) {
        guard case .mapping(let members, _) = try PolicyDocument(parsing: text) else {
            throw PolicyError(1, "'key: value' is expected")
        }
        var ignored: [(line: Int, finding: IgnoredFinding)] = []
        for (key, value) in members {
            switch key {
            case "verdict":
                let word = try value.text()
                guard let verdict = Verdict(rawValue: word), [.exact, .contains].contains(verdict) else {
                    throw PolicyError(value.line, "'\(word)' is neither exact nor contains")
                }
                self.verdict = verdict
            case "bases": bases = try value.texts { text throws(any Error) in try Digest(parsing: text) }
            case "allow-paths": allowedPaths = try value.paths()
            case "deny-paths": deniedPaths = try value.paths()
            case "deny-findings":
                deniedFindings = try value.texts { text throws(any Error) in
                    guard let code = FindingCode(rawValue: text) else {
                        throw PolicyError(value.line, "'\(text)' is not a finding's code")
                    }
                    return code
                }
            case "ignore":
                guard case .list(let items, _) = value else { throw PolicyError(value.line, "a list is expected here") }
                for item in items { ignored.append((item.line, try item.ignoredFinding())) }
            case "set-id": refusesSetID = try !value.flag(yes: "allowed", no: "refused")
            case "linkage": staticOnly = try value.flag(yes: "static", no: "any")
            case "minimum-versions":
                guard case .mapping(let versions, _) = value else {
                    throw PolicyError(value.line, "'name: version' is expected")
                }
                for (name, version) in versions {
                    minimumVersions[try value.parsed(name) { try RepositoryName(parsing: $0) }] =
                        try version.parsed(version.text()) { try Self.minimum($0, line: version.line) }
                }
            case "releases":
                requiredNames = try value.texts { text throws(any Error) in try RepositoryName(parsing: text) }
            case "platforms": platforms = try value.texts { text throws(any Error) in try Platform(parsing: text) }
            default:
                throw PolicyError(
                    value.line,
                    "'\(key)' is not known: verdict, bases, allow-paths, deny-paths, deny-findings, ignore, set-id, linkage, "
                        + "minimum-versions, releases or platforms is expected"
                )
            }
        }
        for (line, finding) in ignored where !refuses(finding.code) {
            let code = finding.code.rawValue
            throw PolicyError(line, "ignore: \(code) isn't refused: it is not in deny-findings")
        }
        ignoredFindings = ignored.map(\.finding)
    }

    // By the order of any other version, nothing would be at least that old.
    private static func minimum(_ text: String, line: Int) throws -> Version {
        let version = try Version(parsing: text)
        guard SemanticVersion(version.text) != nil else {
            throw PolicyError(line, "'\(text)' is not a semantic version such as 1.2.3")
        }
        return version
    }

    private func refuses(_ code: FindingCode) -> Bool {
        deniedFindings.contains(code) || (code == .setID && refusesSetID)
    }
}

extension PolicyDocument {
    func text() throws(PolicyError) -> String {
        guard case .scalar(let text, _) = self else { throw PolicyError(line, "one value is expected here") }
        return text
    }

    /// Patterns that a file's path can match.
    fileprivate func paths() throws(PolicyError) -> [PathPattern] {
        guard case .list(let items, _) = self else { throw PolicyError(line, "a list is expected here") }
        return try items.map { item throws(PolicyError) in
            let text = try item.text()
            guard !text.isEmpty else { throw PolicyError(item.line, "a path is expected, and there is none") }
            guard !text.hasSuffix("/") else {
                throw PolicyError(item.line, "'\(text)' is not a file's path: '\(text)**' is all below it")
            }
            return PathPattern(text)
        }
    }

    fileprivate func flag(yes: String, no: String) throws(PolicyError) -> Bool {
        let word = try text()
        guard word == yes || word == no else { throw PolicyError(line, "'\(word)' is neither \(yes) nor \(no)") }
        return word == yes
    }

    fileprivate func parsed<Value>(_ text: String, _ parse: (String) throws -> Value) throws(PolicyError) -> Value {
        do {
            return try parse(text)
        } catch let error as PolicyError {
            throw error
        } catch {
            throw PolicyError(line, "\(error)")
        }
    }

    func texts<Value>(_ parse: (String) throws -> Value) throws(PolicyError) -> [Value] {
        guard case .list(let items, _) = self else { throw PolicyError(line, "a list is expected here") }
        var values: [Value] = []
        for item in items { values.append(try item.parsed(item.text(), parse)) }
        return values
    }
}
