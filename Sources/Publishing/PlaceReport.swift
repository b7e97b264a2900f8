import ArtifactStore
package import ContentAddress
import Printable

/// What was found at places, in SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format").
package enum PlaceReport {
    /// A result for each place that isn't as it was published.
    package static func sarif(_ findings: [PlaceReader.Finding], toolVersion: String) -> JSONValue {
        let rules: JSONValue = .array([
            rule("published-drift", "A published place holds something else.", level: "error"),
            rule("published-outage", "A published place can't be read.", level: "warning"),
        ])
        let driver: JSONValue = .object([
            "name": .string("bindery"), "semanticVersion": .string(toolVersion), "rules": rules,
        ])
        let run: JSONValue = .object([
            "tool": .object(["driver": driver]),
            "results": .array(findings.filter { $0.state != .same }.map(result)),
        ])
        return .object([
            "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
            "runs": .array([run]),
        ])
    }

    private static func rule(_ id: String, _ text: String, level: String) -> JSONValue {
        .object([
            "id": .string(id), "shortDescription": .object(["text": .string(text)]),
            "defaultConfiguration": .object(["level": .string(level)]),
        ])
    }

    private static func result(_ finding: PlaceReader.Finding) -> JSONValue {
        let isDrift = finding.state == .drift
        let subject = "\(finding.place.subject) at \(finding.place.place)"
        let text = printable("\(subject): \(finding.reasons.joined(separator: "; "))")
        return .object([
            "ruleId": .string(isDrift ? "published-drift" : "published-outage"),
            "ruleIndex": .int(isDrift ? 0 : 1),
            "level": .string(isDrift ? "error" : "warning"),
            "message": .object(["text": .string(sarifText(text))]),
            "locations": .array([
                .object([
                    // Code scanning wants a file of the repository: there is none that this is about.
                    "physicalLocation": .object(["artifactLocation": .object(["uri": .string("published")])]),
                    "logicalLocations": .array([.object(["fullyQualifiedName": .string(printable(subject))])]),
                ])
            ]),
            "partialFingerprints": .object(["binderyPlace/v1": .string(printable(subject))]),
        ])
    }
}
