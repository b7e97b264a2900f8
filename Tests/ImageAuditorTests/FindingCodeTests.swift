import Foundation
import ImageAuditor
import Testing

/// The documentation says what the code does.
@Suite struct FindingCodeTests {
    @Test func theDocumentationHasEveryCodeAsItIs() throws {
        let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/findings.md")
        let text = try String(contentsOf: docs, encoding: .utf8)
        for code in FindingCode.allCases {
            let verdict =
                switch code.doubt {
                case .damaged: "no verdict"
                case .ambiguous: "ambiguous"
                case .incomplete: "incomplete"
                default: code.isMismatch ? "mismatch" : ""
                }
            #expect(text.contains("| \(code.rawValue) | \(code.severity.rawValue) | \(code.title) | \(verdict) |"))
            #expect(code.help.count > 50)
        }
    }
}
