import ContentAddress
import ImageAuditor
import TestSupport
import Testing

/// An image that says that its build ran something is told of, and evaluated by its bytes.
@Suite struct AllowedRunTests {
    @Test(arguments: [("2,5-7", true), (nil, false)] as [(String?, Bool)])
    func theLabelIsANote(lines: String?, isTold: Bool) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            if let lines { image.execution["Labels"] = .object(["dev.bindery.context.allow-run": .string(lines)]) }
            let audit = try fixture.audit(image)
            let findings = audit.allFindings.filter { $0.code == .allowedRun }
            #expect(findings.map(\.found) == (isTold ? [lines] : []))
            #expect(audit.verdict == .exact)
        }
    }
}
