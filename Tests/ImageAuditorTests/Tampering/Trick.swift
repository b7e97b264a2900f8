import ImageAuditor
import TestSupport
import Testing

/// Something that is done to an honest image of which the audit says `exact`, and what it must say then.
struct Trick: Sendable, CustomTestStringConvertible {
    /// Verdicts, and damage, which is none.
    enum Outcome: Sendable {
        case exact, contains, mismatch, ambiguous, incomplete, damaged

        var verdict: Verdict? {
            switch self {
            case .exact: .exact
            case .contains: .contains
            case .mismatch: .mismatch
            case .ambiguous: .ambiguous
            case .incomplete: .incomplete
            case .damaged: nil
            }
        }
    }

    let testDescription: String
    let outcome: Outcome
    let change: @Sendable (inout TestImage) throws -> Void

    init(image name: String, _ outcome: Outcome, _ change: @escaping @Sendable (inout TestImage) throws -> Void) {
        testDescription = name
        self.outcome = outcome
        self.change = change
    }

    /// A further layer, which is the trick.
    init(_ name: String, _ outcome: Outcome, layer: @escaping @Sendable (inout TarBuilder) -> Void) {
        self.init(image: name, outcome) { $0.layer(layer) }
    }

    /// Two further layers: what is there, and what is done to it.
    init(
        _ name: String,
        _ outcome: Outcome,
        below: @escaping @Sendable (inout TarBuilder) -> Void,
        layer: @escaping @Sendable (inout TarBuilder) -> Void
    ) {
        self.init(image: name, outcome) {
            $0.layer(below)
            $0.layer(layer)
        }
    }

    /// Audits the image, and compares the verdict.
    func check() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            try change(&image)
            let audit = try fixture.audit(image)
            let found = audit.allFindings.map { "\($0.code.rawValue) \($0.message)" }
            #expect(audit.verdict == outcome.verdict, "\(found)")
        }
    }

    static let agent = AuditFixture.agent("1.2.3", "amd64").bytes
    static let bundle = AuditFixture.bundle
}
