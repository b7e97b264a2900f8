import Foundation
import TestSupport
import Testing

@testable import ImageAuditor

/// Reports for machines, read back by somebody else's parsers.
@Suite struct ReportTests {
    // A name that would break out of XML, Markdown and terminals.
    static let hostile = "opt/<a>&\"|`\u{1B}[31m\n::error::no\u{2028}\u{202E}##[error][x](y)@all"

    private func withAudit(_ body: (ImageAudit, String) throws -> Void) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("usr/bin/agent", TestProgram(code: "evil").bytes, mode: 0o755)
                layer.file(Self.hostile, "x", mode: 0o4755)
            }
            try body(fixture.audit(image), fixture.directory)
        }
    }

    @Test func junitIsXMLWithAFailureForEachError() throws {
        try withAudit { audit, directory in
            let errors = audit.allFindings.count { $0.severity == .error }
            try JUnitReport([(audit, false)]).text.write(
                toFile: directory + "/r.xml",
                atomically: true,
                encoding: .utf8
            )
            let script = """
                import xml.etree.ElementTree as e
                r = e.parse('r.xml').getroot(); s = r.find('testsuite')
                print(r.tag, s.get('failures'), len(s.findall('testcase/failure')), int(s.get('tests')) == len(s.findall('testcase')))
                """
            try script.write(toFile: directory + "/r.py", atomically: true, encoding: .utf8)
            let found = try Shell.run("python3 r.py", in: directory).text
            #expect(found == "testsuites \(errors + 1) \(errors + 1) True\n")
        }
    }

    @Test func sarifHasARuleForEachResult() throws {
        try withAudit { audit, _ in
            let data = try JSONEncoder().encode(
                SARIFReport([audit, audit.named("docker-daemon:agent:v2")], toolVersion: "1.2.3")
            )
            let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(root["version"] as? String == "2.1.0")
            let run = try #require((root["runs"] as? [[String: Any]])?.first)
            let results = try #require(run["results"] as? [[String: Any]])
            #expect(results.count == 2 * audit.allFindings.count)
            for key in ["binderyFinding/v2", "primaryLocationLineHash"] {
                let prints = results.compactMap { ($0["partialFingerprints"] as? [String: String])?[key] }
                #expect(prints.count == results.count && Set(prints).count == prints.count, "\(key)")
            }
            let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
            let rules = try #require(driver["rules"] as? [[String: Any]])
            for result in results {
                let index = try #require(result["ruleIndex"] as? Int)
                #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
                let message = try #require((result["message"] as? [String: Any])?["text"] as? String)
                #expect(!message.contains("\n") && !message.contains("\u{202E}") && !message.contains("##["))
                #expect(!message.replacing("\\[", with: "").contains("["), "\(message)")
            }
        }
    }

    @Test(arguments: [
        ("docker-daemon:agent:v1.2.3", "docker-daemon:agent"),
        ("docker://r.example:5000/agent", "docker://r.example:5000/agent"),
        ("docker://r.example:5000/agent:1@sha256:00", "docker://r.example:5000/agent"), ("oci:layout", "oci:layout"),
        ("oci:layout:1", "oci:layout"), ("agent:1", "agent"), ("agent", "agent"),
        ("docker-archive:-", "docker-archive:-"),
    ])
    func anAlertStaysWhenTheTagMoves(reference: String, name: String) {
        #expect(FindingFingerprints.name(reference) == name)
    }

    @Test func twoTagsOfOneNameHaveAlertsOfTheirOwn() throws {
        try withAudit { audit, _ in
            let finding = try #require(audit.allFindings.first)
            let (first, second) = (audit.named("app:1"), audit.named("app:2"))
            func prints(_ audits: [ImageAudit]) -> [[String: String]] {
                var fingerprints = FindingFingerprints(of: audits)
                return audits.map { fingerprints.next(finding, in: $0) }
            }
            #expect(Set(prints([first, second])) == Set(prints([second, first])))
            #expect(prints([first]) == prints([second]), "an alert stays when the tag moves")
        }
    }

    @Test func markdownOfSeveralImagesBeginsWithATable() throws {
        try withAudit { audit, _ in
            let lines = MarkdownReport([audit, audit]).text.split(separator: "\n")
            #expect(lines[0] == "| image | verdict | releases | what to do |" && lines[2].contains("❌ mismatch"))
        }
    }

    @Test func archivesThatNobodyOpenedAreCounted() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            func count() throws -> Int? {
                let data = try JSONEncoder().encode(AuditReport(fixture.audit(image)))
                let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
                return (root["platforms"] as? [[String: Any]])?.first?["unopenedArchives"] as? Int
            }
            let none = try count()
            #expect(none == nil)
            image.layer { layer in
                for name in ["app.jar", "b.TAR.GZ", "c.txt", "d.zip.txt", "tar", "e.gz"] {
                    layer.file("opt/\(name)", Array("anything".utf8))
                }
                layer.directory("opt/f.zip")
            }
            let two = try count()
            #expect(two == 2)
            let text = try MarkdownReport(fixture.audit(image)).text
            #expect(text.contains("Archives that weren't opened: 2"))
        }
    }

    @Test func markdownLetsNoNameBreakOut() throws {
        try withAudit { audit, _ in
            let text = MarkdownReport(audit).text
            #expect(text.contains("mismatch"))
            #expect(text.contains("BND021"))
            #expect(!text.contains("<a>"))
            #expect(!text.contains("\u{1B}"))
            #expect(!text.contains("\u{202E}") && !text.contains("\u{2028}"))
            #expect(!text.contains("](") && !text.contains("@all"))
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("::") })
            for row in text.split(separator: "\n") where row.hasPrefix("| ") {
                #expect([4, 5].contains(row.count { $0 == "|" }), "\(row)")
            }
        }
    }

    @Test func jsonHasTheVerdictEvenWhenThereIsNone() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.diffIDs = []
            let data = try JSONEncoder().encode(AuditReport(try fixture.audit(image)))
            let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(root["verdict"] is NSNull)
        }
    }
}
