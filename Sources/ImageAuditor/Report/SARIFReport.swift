import ContentAddress
import ImageFileSystem
import Printable

/// An audit in SARIF 2.1.0, as GitHub code scanning takes it (OASIS, "Static Analysis Results Interchange Format").
package struct SARIFReport: Encodable, Sendable {
    private let schema = "https://json.schemastore.org/sarif-2.1.0.json"
    private let version = "2.1.0"
    private let runs: [Run]

    private enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version, runs
    }

    /// The report of audits, in one run; `toolVersion` is that of the program that made it.
    package init(_ audits: [ImageAudit], toolVersion: String) {
        let present = Set(audits.flatMap(\.allFindings).map(\.code))
        let codes = FindingCode.allCases.filter(present.contains)
        var fingerprints = FindingFingerprints(of: audits)
        runs = [
            Run(
                tool: Tool(driver: Driver(semanticVersion: toolVersion, rules: codes.map(Rule.init))),
                results: audits.flatMap { audit in
                    audit.allFindings.map { finding in
                        ReportedResult(
                            finding,
                            audit,
                            rule: codes.firstIndex(of: finding.code) ?? 0,
                            fingerprints: fingerprints.next(finding, in: audit)
                        )
                    }
                }
            )
        ]
    }

    private struct Run: Encodable, Sendable {
        let tool: Tool
        let results: [ReportedResult]
    }

    private struct Tool: Encodable, Sendable {
        let driver: Driver
    }

    private struct Driver: Encodable, Sendable {
        let name = "bindery"
        let semanticVersion: String
        let rules: [Rule]

        private enum CodingKeys: String, CodingKey {
            case name, semanticVersion, rules
        }
    }

    private struct Text: Encodable, Sendable {
        let text: String
    }

    private struct Rule: Encodable, Sendable {
        let id: String
        let shortDescription: Text
        let fullDescription: Text
        let help: Text
        let defaultConfiguration: Configuration

        init(_ code: FindingCode) {
            id = code.rawValue
            shortDescription = Text(text: code.title)
            fullDescription = Text(text: code.help)
            help = Text(text: "\(code.help)\n\n`bindery explain \(code.rawValue)`")
            defaultConfiguration = Configuration(level: code.severity.rawValue)
        }

        struct Configuration: Encodable, Sendable {
            let level: String
        }
    }

    private struct ReportedResult: Encodable, Sendable {
        let ruleId: String
        let ruleIndex: Int
        let level: String
        let message: Text
        let locations: [Location]
        let partialFingerprints: [String: String]

        init(_ finding: Finding, _ audit: ImageAudit, rule: Int, fingerprints: [String: String]) {
            ruleId = finding.code.rawValue
            ruleIndex = rule
            level = finding.severity.rawValue
            let place = finding.place
            message = Text(text: sarifText((place.isEmpty ? "" : place + ": ") + printable(finding.message)))
            // Code scanning wants a file of the repository: the path in the image is the nearest there is.
            let path = finding.path.map { Array($0.bytes.drop { $0 == UInt8(ascii: "/") }) } ?? []
            locations = [
                Location(
                    physicalLocation: Physical(
                        artifactLocation: ArtifactLocation(
                            uri: path.isEmpty ? "image" : PercentEncoding.encode(path, keeping: "/")
                        )
                    ),
                    logicalLocations: [Logical(fullyQualifiedName: "\(printable(audit.reference)) \(place)")]
                )
            ]
            partialFingerprints = fingerprints.merging(["binderyFinding/v1": "\(finding.code.rawValue):\(place)"]) {
                $1
            }
        }
    }

    private struct Location: Encodable, Sendable {
        let physicalLocation: Physical
        let logicalLocations: [Logical]
    }

    private struct Physical: Encodable, Sendable {
        let artifactLocation: ArtifactLocation
    }

    private struct ArtifactLocation: Encodable, Sendable {
        let uri: String
    }

    private struct Logical: Encodable, Sendable {
        let fullyQualifiedName: String
    }
}
