import ImageFileSystem
import Printable

/// An audit as JUnit XML: a test suite for each platform, a case for its verdict and one for each finding, so that CI
/// systems show what failed.
package struct JUnitReport: Sendable {
    /// The XML document.
    package let text: String

    /// The report of audits; `accepted` says of each whether it passes as a whole.
    package init(_ audits: [(audit: ImageAudit, accepted: Bool)]) {
        text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bindery audit\">\n"
            + audits.flatMap { Self.suites($0.audit, accepted: $0.accepted) }.joined() + "</testsuites>\n"
    }

    private static func suites(_ audit: ImageAudit, accepted: Bool) -> [String] {
        var suites = audit.platforms.map { platform in
            Self.suite(
                "\(printable(audit.reference)) \(printable(platform.platform))",
                platform.verdict,
                platform.findings,
                accepted: accepted
            )
        }
        if !audit.findings.isEmpty || audit.platforms.isEmpty {
            suites.append(Self.suite(printable(audit.reference), audit.verdict, audit.findings, accepted: accepted))
        }
        return suites
    }

    private static func suite(_ name: String, _ verdict: Verdict?, _ findings: [Finding], accepted: Bool) -> String {
        let word = verdict?.rawValue ?? "damaged"
        let fails = !accepted && (verdict == nil || verdict != .exact)
        var cases = [testCase("verdict", failure: fails ? "the verdict is \(word)" : nil, output: word)]
        for finding in findings {
            let place = finding.path.map { " " + printable($0.bytes) } ?? ""
            let message = printable(finding.message)
            cases.append(
                testCase(
                    "\(finding.code.rawValue) \(finding.code.title)\(place)",
                    failure: finding.severity == .error ? message : nil,
                    output: message
                )
            )
        }
        let failures = cases.count { $0.contains("<failure") }
        return "  <testsuite name=\"\(escaped(name))\" tests=\"\(cases.count)\" failures=\"\(failures)\">\n"
            + cases.joined() + "  </testsuite>\n"
    }

    private static func testCase(_ name: String, failure: String?, output: String) -> String {
        let body =
            failure.map { "<failure message=\"\(escaped($0))\"/>" } ?? "<system-out>\(escaped(output))</system-out>"
        return "    <testcase classname=\"bindery\" name=\"\(escaped(name))\">\(body)</testcase>\n"
    }

    /// A printable text in which nothing has a meaning to XML; what XML 1.0 can't write was escaped before.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(scalar)
            }
        }.joined()
    }
}
